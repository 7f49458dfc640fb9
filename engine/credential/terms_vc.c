/* The terms of https://www.w3.org/ns/credentials/v2 (W3C Verifiable Credentials Data Model 2.0, section 6.1 and appendix B), without those
 * of presentations. Each table is in the order of strcmp(); a scope stands before the term that brings it. */
#include "credential/terms.h"

#define VC "https://www.w3.org/2018/credentials#"
#define STATUS "https://www.w3.org/ns/credentials/status#"
#define SEC "https://w3id.org/security#"
#define SCHEMA "https://schema.org/"
#define JWT "https://www.iana.org/assignments/jwt#"
#define JOSE "https://www.iana.org/assignments/jose#"
#define XSD "http://www.w3.org/2001/XMLSchema#"
#define XSD_HTTPS "https://www.w3.org/2001/XMLSchema#" /* not the datatypes' namespace, but what the document says */

static const struct term bitstring_status_list[] = {
    {"encodedList", STATUS "encodedList", TERM_TYPED, SEC "multibase"},
    {"id", "@id"},
    {"statusPurpose", STATUS "statusPurpose"},
    {"ttl", STATUS "ttl"},
    {"type", "@type"},
};
static const struct terms terms_bitstring_status_list = {bitstring_status_list, ARRAY_SIZE(bitstring_status_list)};

static const struct term status_message[] = {
    {"id", "@id"},
    {"message", STATUS "message"},
    {"status", STATUS "status"},
    {"type", "@type"},
};
static const struct terms terms_status_message = {status_message, ARRAY_SIZE(status_message)};

static const struct term bitstring_status_list_entry[] = {
    {"id", "@id"},
    {"statusListCredential", STATUS "statusListCredential", TERM_ID},
    {"statusListIndex", STATUS "statusListIndex"},
    {"statusMessage", STATUS "statusMessage", .scope = &terms_status_message},
    {"statusPurpose", STATUS "statusPurpose"},
    {"statusReference", STATUS "statusReference", TERM_ID},
    {"statusSize", STATUS "statusSize", TERM_TYPED, XSD_HTTPS "integer"},
    {"type", "@type"},
};
static const struct terms terms_bitstring_status_list_entry = {bitstring_status_list_entry, ARRAY_SIZE(bitstring_status_list_entry)};

static const struct term proof_purpose[] = {
    {"assertionMethod", SEC "assertionMethod", TERM_ID, .container = TERM_SET},
    {"authentication", SEC "authenticationMethod", TERM_ID, .container = TERM_SET},
    {"capabilityDelegation", SEC "capabilityDelegationMethod", TERM_ID, .container = TERM_SET},
    {"capabilityInvocation", SEC "capabilityInvocationMethod", TERM_ID, .container = TERM_SET},
    {"id", "@id"},
    {"keyAgreement", SEC "keyAgreementMethod", TERM_ID, .container = TERM_SET},
    {"type", "@type"},
};
static const struct terms terms_proof_purpose = {proof_purpose, ARRAY_SIZE(proof_purpose)};

static const struct term data_integrity_proof[] = {
    {"challenge", SEC "challenge"},
    {"created", "http://purl.org/dc/terms/created", TERM_TYPED, XSD "dateTime"},
    {"cryptosuite", SEC "cryptosuite", TERM_TYPED, SEC "cryptosuiteString"},
    {"domain", SEC "domain"},
    {"expires", SEC "expiration", TERM_TYPED, XSD "dateTime"},
    {"id", "@id"},
    {"nonce", SEC "nonce"},
    {"previousProof", SEC "previousProof", TERM_ID},
    {"proofPurpose", SEC "proofPurpose", TERM_VOCAB, .scope = &terms_proof_purpose},
    {"proofValue", SEC "proofValue", TERM_TYPED, SEC "multibase"},
    {"type", "@type"},
    {"verificationMethod", SEC "verificationMethod", TERM_ID},
};
static const struct terms terms_data_integrity_proof = {data_integrity_proof, ARRAY_SIZE(data_integrity_proof)};

static const struct term json_schema[] = {
    {"id", "@id"},
    {"jsonSchema", VC "jsonSchema", TERM_JSON},
    {"type", "@type"},
};
static const struct terms terms_json_schema = {json_schema, ARRAY_SIZE(json_schema)};

static const struct term verifiable_credential[] = {
    {"confidenceMethod", VC "confidenceMethod", TERM_ID},
    {"credentialSchema", VC "credentialSchema", TERM_ID},
    {"credentialStatus", VC "credentialStatus", TERM_ID},
    {"credentialSubject", VC "credentialSubject", TERM_ID},
    {"description", SCHEMA "description"},
    {"evidence", VC "evidence", TERM_ID},
    {"id", "@id"},
    {"issuer", VC "issuer", TERM_ID},
    {"name", SCHEMA "name"},
    {"proof", SEC "proof", TERM_ID, .container = TERM_GRAPH},
    {"refreshService", VC "refreshService", TERM_ID},
    {"relatedResource", VC "relatedResource", TERM_ID},
    {"renderMethod", VC "renderMethod", TERM_ID},
    {"termsOfUse", VC "termsOfUse", TERM_ID},
    {"type", "@type"},
    {"validFrom", VC "validFrom", TERM_TYPED, XSD "dateTime"},
    {"validUntil", VC "validUntil", TERM_TYPED, XSD "dateTime"},
};
static const struct terms terms_verifiable_credential = {verifiable_credential, ARRAY_SIZE(verifiable_credential)};

static const struct term cnf[] = {
    {"jwk", JWT "jwk", TERM_JSON},
    {"kid", JWT "kid", TERM_ID},
};
static const struct terms terms_cnf = {cnf, ARRAY_SIZE(cnf)};

static const struct term vc[] = {
    {"...", JWT "..."},
    {"BitstringStatusList", STATUS "BitstringStatusList", .scope = &terms_bitstring_status_list},
    {"BitstringStatusListCredential", STATUS "BitstringStatusListCredential"},
    {"BitstringStatusListEntry", STATUS "BitstringStatusListEntry", .scope = &terms_bitstring_status_list_entry},
    {"DataIntegrityProof", SEC "DataIntegrityProof", .scope = &terms_data_integrity_proof},
    {"EnvelopedVerifiableCredential", VC "EnvelopedVerifiableCredential"},
    {"JsonSchema", VC "JsonSchema", .scope = &terms_json_schema},
    {"JsonSchemaCredential", VC "JsonSchemaCredential"},
    {"VerifiableCredential", VC "VerifiableCredential", .scope = &terms_verifiable_credential},
    {"_sd", JWT "_sd", TERM_JSON},
    {"_sd_alg", JWT "_sd_alg"},
    {"aud", JWT "aud", TERM_ID},
    {"cnf", JWT "cnf", .scope = &terms_cnf},
    {"description", SCHEMA "description"},
    {"digestMultibase", SEC "digestMultibase", TERM_TYPED, SEC "multibase"},
    {"digestSRI", VC "digestSRI", TERM_TYPED, VC "sriString"},
    {"exp", JWT "exp", TERM_TYPED, XSD_HTTPS "nonNegativeInteger"},
    {"iat", JWT "iat", TERM_TYPED, XSD_HTTPS "nonNegativeInteger"},
    {"id", "@id"},
    {"iss", JOSE "iss", TERM_ID},
    {"jku", JOSE "jku", TERM_ID},
    {"kid", JOSE "kid", TERM_ID},
    {"mediaType", SCHEMA "encodingFormat"},
    {"name", SCHEMA "name"},
    {"nbf", JWT "nbf", TERM_TYPED, XSD_HTTPS "nonNegativeInteger"},
    {"sub", JOSE "sub", TERM_ID},
    {"type", "@type"},
    {"x5u", JOSE "x5u", TERM_ID},
};
const struct terms terms_vc = {vc, ARRAY_SIZE(vc)};
