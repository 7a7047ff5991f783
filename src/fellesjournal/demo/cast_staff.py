"""The named staff of the demo: fixed ids, names and units, used for sign-in, tests and pictures.

All names are invented combinations. Unit ids are those of `units.all_units`.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.registry.numbers import with_check_digits


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One named member of staff. `id` is the Practitioner, `role_id` the PractitionerRole."""

    id: str
    given: str
    family: str
    sex: str
    role: str
    title_nb: str
    unit_id: str
    unit_name: str
    hpr: str
    story_nb: str

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.given} {self.family}"

    @property
    def role_id(self) -> str:
        """The id of the PractitionerRole."""
        return f"{self.id}-role"

    @property
    def number(self) -> str:
        """A person number of the synthetic series: what an identity provider knows her by.

        In the year 80 with individual numbers from 900, which no citizen of the demo gets.
        """
        turn = STAFF.index(self)
        sex = self.sex == "male"
        tries = (f"{turn + 1:02d}8180{900 + 2 * step + sex}" for step in range(50))
        return next(number for nine in tries if (number := with_check_digits(nine)))


STAFF = (
    StaffMember(
        "staff-gp-trondheim", "Ragna", "Lyngbakk", "female", "gp", "Fastlege",
        "gp-5001-1", "Trondheim legesenter", "500000001",
        "Fastlege for Aslaug Kvernbråten og mange andre; vil se hele pasienten på ett sted.",
    ),
    StaffMember(
        "staff-gp-rauma", "Torgrim", "Nesvoll", "male", "gp", "Fastlege",
        "gp-1539-1", "Rauma legesenter", "500000002",
        "Distriktslege i Rauma med en travel liste og flere pasienter med mange sykdommer.",
    ),
    StaffMember(
        "staff-hospital-doctor", "Iselin", "Gravråk", "female", "hospital-doctor", "Sykehuslege",
        "ward-st-olavs-medical", "Medisinsk avdeling, St. Olavs hospital", "500000003",
        "Lege på medisinsk avdeling; legger inn, endrer legemidler og skriver epikriser.",
    ),
    StaffMember(
        "staff-ward-nurse", "Benedikte", "Osvoll", "female", "hospital-nurse",
        "Sykepleier, sykehus", "ward-st-olavs-medical",
        "Medisinsk avdeling, St. Olavs hospital", "500000004",
        "Sykepleier på sengepost; melder pasienter utskrivningsklare til kommunen.",
    ),
    StaffMember(
        "staff-out-of-hours", "Sindre", "Hellbakken", "male", "out-of-hours-doctor",
        "Legevaktslege", "unit-5001-out-of-hours", "Trondheim legevakt", "500000005",
        "Legevaktslege på kveld og helg; møter pasienter han aldri har sett, også med nødtilgang.",
    ),
    StaffMember(
        "staff-home-care-nurse", "Gunnhild", "Tverrelv", "female", "home-care-nurse",
        "Sykepleier, hjemmetjenesten", "unit-5001-home-care", "Trondheim hjemmetjeneste",
        "500000006",
        "Sykepleier i hjemmetjenesten og primærkontakt for Aslaug Kvernbråten.",
    ),
    StaffMember(
        "staff-carer", "Amir", "Nordlykkja", "male", "carer", "Helsefagarbeider",
        "unit-5001-home-care", "Trondheim hjemmetjeneste", "500000007",
        "Helsefagarbeider ute på rute med telefon; kvitterer for tiltak og doser.",
    ),
    StaffMember(
        "staff-physiotherapist", "Vebjørn", "Skarsetlia", "male", "physiotherapist",
        "Fysioterapeut", "unit-5001-physiotherapy", "Trondheim fysioterapitjeneste", "500000008",
        "Kommunal fysioterapeut med ventelister; Håvard Vollseter er henvist.",
    ),
    StaffMember(
        "staff-public-health-nurse", "Tordis", "Myrhaugen", "female", "public-health-nurse",
        "Helsesykepleier", "unit-5001-health-station", "Trondheim helsestasjon", "500000009",
        "Helsesykepleier med vaksiner, vekstkurver og skolehelsetjeneste.",
    ),
    StaffMember(
        "staff-midwife", "Eldbjørg", "Fagerslett", "female", "midwife", "Jordmor",
        "unit-5001-health-station", "Trondheim helsestasjon", "500000010",
        "Jordmor på helsestasjonen; følger gravide fram til fødsel.",
    ),
    StaffMember(
        "staff-case-officer", "Randulf", "Stokkanmo", "male", "case-officer", "Saksbehandler",
        "unit-5001-allocation-office", "Trondheim tildelingskontor", "",
        "Saksbehandler som vurderer søknader og skriver vedtak om kommunale tjenester.",
    ),
    StaffMember(
        "staff-secretary", "Jorid", "Ekremsbakk", "female", "secretary", "Helsesekretær",
        "gp-5001-1", "Trondheim legesenter", "500000011",
        "Helsesekretær på legesenteret; timer, prøver, brev og telefoner.",
    ),
    StaffMember(
        "staff-unit-leader", "Marthe", "Solgård", "female", "unit-leader", "Enhetsleder",
        "unit-5001-home-care", "Trondheim hjemmetjeneste", "500000012",
        "Enhetsleder i hjemmetjenesten; går gjennom nødtilgang, ser etter doser i tide og få ansikter.",
    ),
    StaffMember(
        "staff-nursing-home-nurse", "Kristbjørg", "Valderplass", "female", "nursing-home-nurse",
        "Sykepleier, sykehjem", "unit-1508-nursing-home", "Ålesund sykehjem", "500000013",
        "Sykepleier på sykehjem og primærkontakt for Torvald Rekdalshaug.",
    ),
    StaffMember(
        "staff-administrator", "Solfrid", "Grindhaugen", "female", "administrator",
        "Administrator", "org-5001", "Trondheim – Tråante kommune", "",
        "Gir og avslutter roller, registrerer enheter og programmer; åpner ingen journal.",
    ),
    StaffMember(
        "staff-data-protection-officer", "Halvard", "Brattstigen", "male",
        "data-protection-officer", "Personvernombud", "org-5001", "Trondheim – Tråante kommune", "",
        "Personvernombud som ser hvem som har sett hva, og hvorfor; ikke hva som feiler folk.",
    ),
    StaffMember(
        "staff-operator", "Ylva", "Storøysund", "female", "operator", "Driftsansvarlig",
        "trust-st-olavs", "St. Olavs hospital HF", "",
        "Holder plattformen i drift uten å se innholdet i noen journal.",
    ),
    StaffMember(
        "staff-referral-doctor", "Sigbjørn", "Løkkvang", "male", "hospital-doctor", "Sykehuslege",
        "office-st-olavs-referrals", "Henvisningskontoret, St. Olavs hospital", "500000014",
        "Overlege som vurderer henvisninger til sykehuset innen ti virkedager.",
    ),
    StaffMember(
        "staff-referral-secretary", "Anne-Grethe", "Bjørnsvik", "female", "secretary",
        "Helsesekretær", "office-st-olavs-referrals", "Henvisningskontoret, St. Olavs hospital",
        "500000015", "Helsesekretær på henvisningskontoret; ventelister, spørsmål og timer.",
    ),
    StaffMember(
        "staff-rollout-lead", "Oddbjørg", "Lauvsnesmo", "female", "rollout-lead",
        "Innføringsleder", "org-5001", "Trondheim – Tråante kommune", "",
        "Leder innføringen i kommunene: bølger, klargjøring, kostnad, forløp og framskriving.",
    ),
    StaffMember(
        "staff-benefits-coordinator", "Tarald", "Vinjefossen", "male", "benefits-coordinator",
        "Gevinstkoordinator", "org-5001", "Trondheim – Tråante kommune", "",
        "Velger indikatorer, fryser nullpunkter og følger gevinstplanene.",
    ),
    StaffMember(
        "staff-out-of-hours-nurse", "Ingeborg", "Haukdalsmo", "female", "out-of-hours-nurse",
        "Sykepleier, legevakt", "unit-5001-out-of-hours", "Trondheim legevakt", "500000016",
        "Sykepleier på legevakt; tar telefonen, setter hastegrad og ser over venterommet.",
    ),
)  # fmt: skip
