// What tests/clients/test_fhir_kit_client.py runs: prints one JSON object of what came back.
import { Client } from "fhir-kit-client";

const [baseUrl, bearerToken] = process.argv.slice(2);
const client = new Client({ baseUrl, bearerToken });
const found = {};

const statement = await client.capabilityStatement();
found.fhirVersion = statement.fhirVersion;

const created = await client.create({
  resourceType: "Patient",
  body: { resourceType: "Patient", name: [{ family: "Kit" }], birthDate: "1977-07-07" },
});
found.created = created.meta.versionId;
const updated = await client.update({
  resourceType: "Patient",
  id: created.id,
  body: { ...created, gender: "female" },
});
found.updated = updated.meta.versionId;
const patched = await client.patch({
  resourceType: "Patient",
  id: created.id,
  jsonPatch: [{ op: "replace", path: "/gender", value: "male" }],
});
found.patched = patched.gender;
found.vread = (await client.vread({ resourceType: "Patient", id: created.id, version: "1" })).meta.versionId;
found.history = (await client.resourceHistory({ resourceType: "Patient", id: created.id })).total;
found.typeHistory = (await client.typeHistory({ resourceType: "Patient" })).type;
found.systemHistory = (await client.systemHistory()).type;

for (let number = 0; number < 5; number += 1) {
  await client.create({
    resourceType: "Observation",
    body: {
      resourceType: "Observation",
      status: "final",
      code: { text: `kit ${number}` },
      subject: { reference: `Patient/${created.id}` },
    },
  });
}
let page = await client.resourceSearch({
  resourceType: "Observation",
  searchParams: { subject: `Patient/${created.id}`, _count: 2 },
});
const seen = new Set();
while (page) {
  (page.entry ?? []).forEach((entry) => seen.add(entry.resource.id));
  page = await client.nextPage({ bundle: page });
}
found.paged = seen.size;
found.posted = (
  await client.resourceSearch({
    resourceType: "Observation",
    searchParams: { subject: `Patient/${created.id}` },
    options: { postSearch: true },
  })
).total;
found.compartment = (
  await client.compartmentSearch({
    resourceType: "Observation",
    compartment: { resourceType: "Patient", id: created.id },
  })
).total;
found.system = (await client.systemSearch({ searchParams: { _type: "Patient", _id: created.id } })).total;
found.everything = (
  await client.operation({ resourceType: "Patient", id: created.id, name: "everything", method: "GET" })
).total;
found.transaction = (
  await client.transaction({
    body: {
      resourceType: "Bundle",
      type: "transaction",
      entry: [{ resource: { resourceType: "Patient" }, request: { method: "POST", url: "Patient" } }],
    },
  })
).entry[0].response.status;
found.resolved = (await client.resolve({ reference: `Patient/${created.id}` })).id === created.id;

await client.delete({ resourceType: "Patient", id: created.id });
try {
  await client.read({ resourceType: "Patient", id: created.id });
} catch (error) {
  found.gone = error.response?.status ?? String(error);
}
console.log(JSON.stringify(found));
