// What Open Badges 3.0 requires of an AchievementCredential, as a JSON Schema of our own.
//
// No npm package carries 1EdTech's own schema file, so these are its rules written down from the standard (section "Data models"): required
// members, types, enumerations with their `ext:` values, and the objects that take no others. It is a judge of shape, not 1EdTech's word.
// `additionalProperties: false` stands where the standard's own model is closed, and, stricter than the standard, for the whole
// certificate: a member that nobody meant to be there is noticed.
const string = { type: "string", minLength: 1 };
const uri = { type: "string", format: "uri" };
const time = { type: "string", format: "date-time" };
const listOf = (items, minItems = 1) => ({ type: "array", items, minItems });
const typeOf = (name, ...others) => ({ type: "array", items: { enum: [name, ...others] }, contains: { const: name }, uniqueItems: true });
const closed = (required, properties) => ({ type: "object", required, properties, additionalProperties: false });
const extensible = (...values) => ({ type: "string", anyOf: [{ enum: values }, { pattern: "^ext:[A-Za-z0-9._-]+$" }] });
const decimal = { type: "string", pattern: "^-?[0-9]+([.][0-9]+)?$" };

export const ACHIEVEMENT_SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

const identity = closed(["type", "hashed", "identityHash", "identityType"], {
  type: { const: "IdentityObject" },
  hashed: { type: "boolean" },
  identityHash: string,
  identityType: extensible("name", "systemId", "userName", "accountId", "emailAddress", "identifier"),
  salt: string,
});
const identifierEntry = closed(["type", "identifier", "identifierType"], {
  type: { const: "IdentifierEntry" },
  identifier: string,
  identifierType: extensible("name", "systemId", "identifier"),
});
const resultDescription = closed(["id", "type", "name", "resultType"], {
  id: uri,
  type: typeOf("ResultDescription"),
  name: string,
  resultType: extensible(
    "GradePointAverage", "LetterGrade", "Percent", "PerformanceLevel", "PredictedScore", "RawScore", "Result", "RubricCriterion",
    "RubricCriterionLevel", "RubricScore", "ScaledScore", "Status",
  ),
  allowedValue: listOf(string),
  requiredValue: string,
  valueMin: decimal,
  valueMax: decimal,
});
const result = closed(["type", "resultDescription"], {
  type: typeOf("Result"),
  resultDescription: uri,
  value: string,
  status: { enum: ["Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"] },
});
const achievement = closed(["id", "type", "name", "description", "criteria"], {
  id: uri,
  type: typeOf("Achievement"),
  achievementType: extensible("Achievement", "Assessment", "Badge", "Certificate", "Certification", "MicroCredential"),
  name: string,
  description: string,
  criteria: { ...closed([], { id: uri, narrative: string }), minProperties: 1 },
  humanCode: string,
  inLanguage: { type: "string", pattern: "^[a-z]{2,4}(-[A-Za-z0-9]{2,8})*$" },
  version: string,
  otherIdentifier: listOf(identifierEntry),
  resultDescription: listOf(resultDescription),
});
const evidence = closed(["type"], {
  id: uri,
  type: typeOf("Evidence", "IdentifierEntry"),
  name: string,
  narrative: string,
  genre: string,
  identifier: { type: "string", pattern: "^[0-9]+$" },
  identifierType: extensible("identifier"),
});
const proof = closed(["type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"], {
  "@context": { type: "array" },
  type: { const: "DataIntegrityProof" },
  cryptosuite: { enum: ["eddsa-rdfc-2022", "eddsa-jcs-2022"] },
  created: time,
  verificationMethod: uri,
  proofPurpose: { const: "assertionMethod" },
  proofValue: { type: "string", pattern: "^z[1-9A-HJ-NP-Za-km-z]+$" },
});
const status = closed(["id", "type", "statusPurpose", "statusListIndex", "statusListCredential"], {
  id: uri,
  type: { const: "BitstringStatusListEntry" },
  statusPurpose: { enum: ["revocation", "suspension"] },
  statusListIndex: { type: "string", pattern: "^(0|[1-9][0-9]*)$" },
  statusListCredential: uri,
  statusReference: { anyOf: [uri, listOf(uri)] },
});

export const achievementCredential = {
  $schema: "https://json-schema.org/draft/2019-09/schema",
  $id: ACHIEVEMENT_SCHEMA,
  ...closed(["@context", "id", "type", "issuer", "validFrom", "credentialSubject"], {
    "@context": {
      type: "array",
      minItems: 3,
      maxItems: 3,
      items: [
        { const: "https://www.w3.org/ns/credentials/v2" },
        { const: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json" },
        { const: "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json" },
      ],
    },
    id: uri,
    type: { type: "array", allOf: [{ contains: { const: "VerifiableCredential" } }, { contains: { enum: ["AchievementCredential", "OpenBadgeCredential"] } }] },
    name: string,
    issuer: closed(["id", "type"], { id: uri, type: typeOf("Profile"), name: string, url: uri, description: string }),
    validFrom: time,
    validUntil: time,
    awardedDate: time,
    credentialSubject: {
      ...closed(["type", "achievement"], {
        id: uri,
        type: typeOf("AchievementSubject"),
        identifier: listOf(identity),
        achievement,
        result: listOf(result),
      }),
      anyOf: [{ required: ["id"] }, { required: ["identifier"] }],
    },
    evidence: listOf(evidence),
    credentialStatus: status,
    proof: listOf(proof),
  }),
};
