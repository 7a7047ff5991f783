"""The diagnoses the demo uses, with ICPC-2 and ICD-10 codes and our own Norwegian wording.

A small own selection; the code lists themselves are not copied. ICD-10 codes are without the dot,
as in the national files. GPs and municipalities code in ICPC-2, hospitals in ICD-10.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.demo.terms import ICD10, ICPC2, Element, coding


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One diagnosis with its code in both systems."""

    icpc2: str
    icd10: str
    name: str

    def concept(self, *, hospital: bool) -> Element:
        """A CodeableConcept coded the way the setting does."""
        code = coding(ICD10, self.icd10, self.name) if hospital else self.primary()
        return {"coding": [code], "text": self.name}

    def primary(self) -> Element:
        """The ICPC-2 coding."""
        return coding(ICPC2, self.icpc2, self.name)


HYPERTENSION = Diagnosis("K86", "I10", "Høyt blodtrykk uten organskade")
DIABETES_2 = Diagnosis("T90", "E119", "Diabetes type 2")
DIABETES_1 = Diagnosis("T89", "E109", "Diabetes type 1")
COPD = Diagnosis("R95", "J449", "Kronisk obstruktiv lungesykdom (kols)")
COPD_EXACERBATION = Diagnosis("R95", "J441", "Kols med forverring")
ASTHMA = Diagnosis("R96", "J459", "Astma")
HEART_FAILURE = Diagnosis("K77", "I509", "Hjertesvikt")
ATRIAL_FIBRILLATION = Diagnosis("K78", "I489", "Atrieflimmer")
ISCHAEMIC_HEART = Diagnosis("K76", "I251", "Kronisk koronarsykdom")
HEART_ATTACK = Diagnosis("K75", "I219", "Hjerteinfarkt")
STROKE = Diagnosis("K90", "I639", "Hjerneslag")
KIDNEY_DISEASE = Diagnosis("U99", "N183", "Kronisk nyresykdom stadium 3")
HYPOTHYROIDISM = Diagnosis("T86", "E039", "Lavt stoffskifte")
HIGH_CHOLESTEROL = Diagnosis("T93", "E780", "Høyt kolesterol")
OBESITY = Diagnosis("T82", "E669", "Fedme")
DEMENTIA = Diagnosis("P70", "F03", "Demens")
DEPRESSION = Diagnosis("P76", "F329", "Depresjon")
ANXIETY = Diagnosis("P74", "F411", "Angstlidelse")
SLEEP = Diagnosis("P06", "G470", "Søvnvansker")
ADHD = Diagnosis("P81", "F900", "ADHD")
OSTEOARTHRITIS_KNEE = Diagnosis("L90", "M179", "Artrose i kne")
OSTEOARTHRITIS_HIP = Diagnosis("L89", "M169", "Artrose i hofte")
OSTEOPOROSIS = Diagnosis("L95", "M819", "Beinskjørhet")
HIP_FRACTURE = Diagnosis("L75", "S720", "Brudd i lårhalsen")
WRIST_FRACTURE = Diagnosis("L72", "S525", "Brudd i håndledd")
ANKLE_SPRAIN = Diagnosis("L77", "S934", "Forstuet ankel")
WOUND = Diagnosis("S18", "T141", "Sårskade")
HEAD_INJURY = Diagnosis("N79", "S060", "Hjernerystelse")
BACK_PAIN = Diagnosis("L03", "M545", "Korsryggsmerter")
SHOULDER_PAIN = Diagnosis("L92", "M751", "Skuldersmerter")
NECK_PAIN = Diagnosis("L83", "M542", "Nakkesmerter")
COLD = Diagnosis("R74", "J069", "Luftveisinfeksjon")
PNEUMONIA = Diagnosis("R81", "J189", "Lungebetennelse")
TONSILLITIS = Diagnosis("R76", "J039", "Halsbetennelse")
EAR_INFECTION = Diagnosis("H71", "H669", "Mellomørebetennelse")
INFLUENZA = Diagnosis("R80", "J111", "Influensa")
BRONCHIOLITIS = Diagnosis("R78", "J219", "Bronkiolitt eller akutt bronkitt")
GASTROENTERITIS = Diagnosis("D73", "A099", "Omgangssyke")
CYSTITIS = Diagnosis("U71", "N300", "Blærekatarr")
PYELONEPHRITIS = Diagnosis("U70", "N10", "Nyrebekkenbetennelse")
SKIN_INFECTION = Diagnosis("S76", "L039", "Hudinfeksjon")
ECZEMA = Diagnosis("S87", "L209", "Atopisk eksem")
HAY_FEVER = Diagnosis("R97", "J301", "Pollenallergi")
MIGRAINE = Diagnosis("N89", "G439", "Migrene")
REFLUX = Diagnosis("D84", "K219", "Sure oppstøt (refluks)")
CONSTIPATION = Diagnosis("D12", "K590", "Forstoppelse")
IRON_DEFICIENCY = Diagnosis("B80", "D509", "Jernmangelanemi")
BREAST_CANCER = Diagnosis("X76", "C509", "Brystkreft")
PROSTATE_CANCER = Diagnosis("Y77", "C61", "Prostatakreft")
COLON_CANCER = Diagnosis("D75", "C189", "Tykktarmskreft")
LUNG_CANCER = Diagnosis("R84", "C349", "Lungekreft")
PREGNANCY = Diagnosis("W78", "Z349", "Svangerskap")
BIRTH = Diagnosis("W90", "Z370", "Normal fødsel")
NEWBORN = Diagnosis("A98", "Z380", "Frisk nyfødt")
PREVENTION = Diagnosis("A98", "Z001", "Forebyggende kontroll")
CHEST_PAIN = Diagnosis("A11", "R074", "Brystsmerter")
DIZZINESS = Diagnosis("N17", "R42", "Svimmelhet")
TIREDNESS = Diagnosis("A04", "R53", "Slapphet og tretthet")
ABDOMINAL_PAIN = Diagnosis("D06", "R104", "Magesmerter")
CERTIFICATE = Diagnosis("A97", "Z027", "Attest, ingen sykdom")
CONTRACEPTION = Diagnosis("W11", "Z304", "Prevensjon")
WARTS = Diagnosis("S03", "B07", "Vorter")
EYE_INFECTION = Diagnosis("F70", "H109", "Øyekatarr")
EAR_WAX = Diagnosis("H81", "H612", "Ørevoks")
PROSTATE_ENLARGED = Diagnosis("Y85", "N40", "Forstørret prostata")
MENOPAUSE = Diagnosis("X11", "N951", "Plager i overgangsalderen")
GOUT = Diagnosis("T92", "M109", "Urinsyregikt")
RHEUMATOID = Diagnosis("L88", "M069", "Leddgikt")
GALLSTONES = Diagnosis("D98", "K802", "Gallestein")
APPENDICITIS = Diagnosis("D88", "K358", "Blindtarmsbetennelse")
FALL_RISK = Diagnosis("A28", "R296", "Falltendens")
