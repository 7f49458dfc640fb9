/* The terms of Open Badges 3.0.3 (https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json) and of its extensions. Each table is in the
 * order of strcmp(); a scope stands before the term that brings it.
 *
 * Three things in it surprise, and are as the document has them: datatypes are named by https addresses, which is not XML Schema's
 * namespace; awardedDate's datatype is "xsd:dateTime" without a prefix of that name, so that it is an address as it stands; and `criteria`
 * is the class, with a capital letter. */
#include "credential/terms.h"

#define OB "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
#define SCHEMA "https://schema.org/"
#define XSD_HTTPS "https://www.w3.org/2001/XMLSchema#"

static const struct term achievement[] = {
    {"achievementType", OB "achievementType"},
    {"alignment", OB "alignment", .container = TERM_SET},
    {"creator", OB "creator"},
    {"creditsAvailable", OB "creditsAvailable", TERM_TYPED, XSD_HTTPS "float"},
    {"criteria", OB "Criteria", TERM_ID},
    {"fieldOfStudy", OB "fieldOfStudy"},
    {"humanCode", OB "humanCode"},
    {"id", "@id"},
    {"image", OB "image", TERM_ID},
    {"inLanguage", SCHEMA "inLanguage"},
    {"otherIdentifier", OB "otherIdentifier", .container = TERM_SET},
    {"related", OB "related", .container = TERM_SET},
    {"resultDescription", OB "resultDescription", .container = TERM_SET},
    {"specialization", OB "specialization"},
    {"tag", SCHEMA "keywords", .container = TERM_SET},
    {"type", "@type"},
    {"version", OB "version"},
};
static const struct terms terms_achievement = {achievement, ARRAY_SIZE(achievement)};

static const struct term achievement_subject[] = {
    {"achievement", OB "achievement"},
    {"activityEndDate", OB "activityEndDate", TERM_TYPED, XSD_HTTPS "date"},
    {"activityStartDate", OB "activityStartDate", TERM_TYPED, XSD_HTTPS "date"},
    {"creditsEarned", OB "creditsEarned", TERM_TYPED, XSD_HTTPS "float"},
    {"id", "@id"},
    {"identifier", OB "identifier", .container = TERM_SET},
    {"image", OB "image", TERM_ID},
    {"licenseNumber", OB "licenseNumber"},
    {"result", OB "result", .container = TERM_SET},
    {"role", OB "role"},
    {"source", OB "source", TERM_ID},
    {"term", OB "term"},
    {"type", "@type"},
};
static const struct terms terms_achievement_subject = {achievement_subject, ARRAY_SIZE(achievement_subject)};

static const struct term address[] = {
    {"addressCountry", SCHEMA "addressCountry"},
    {"addressCountryCode", OB "CountryCode"},
    {"addressLocality", SCHEMA "addressLocality"},
    {"addressRegion", SCHEMA "addressRegion"},
    {"geo", OB "GeoCoordinates"},
    {"id", "@id"},
    {"postOfficeBoxNumber", SCHEMA "postOfficeBoxNumber"},
    {"postalCode", SCHEMA "postalCode"},
    {"streetAddress", SCHEMA "streetAddress"},
    {"type", "@type"},
};
static const struct terms terms_address = {address, ARRAY_SIZE(address)};

static const struct term alignment[] = {
    {"id", "@id"},
    {"targetCode", OB "targetCode"},
    {"targetDescription", SCHEMA "targetDescription"},
    {"targetFramework", SCHEMA "targetFramework"},
    {"targetName", SCHEMA "targetName"},
    {"targetType", OB "targetType"},
    {"targetUrl", SCHEMA "targetUrl", TERM_TYPED, XSD_HTTPS "anyURI"},
    {"type", "@type"},
};
static const struct terms terms_alignment = {alignment, ARRAY_SIZE(alignment)};

static const struct term endorsement_subject[] = {
    {"endorsementComment", OB "endorsementComment"},
    {"id", "@id"},
    {"type", "@type"},
};
static const struct terms terms_endorsement_subject = {endorsement_subject, ARRAY_SIZE(endorsement_subject)};

static const struct term evidence[] = {
    {"audience", SCHEMA "audience"},
    {"genre", SCHEMA "genre"},
    {"id", "@id"},
    {"type", "@type"},
};
static const struct terms terms_evidence = {evidence, ARRAY_SIZE(evidence)};

static const struct term geo_coordinates[] = {
    {"id", "@id"},
    {"latitude", SCHEMA "latitude"},
    {"longitude", SCHEMA "longitude"},
    {"type", "@type"},
};
static const struct terms terms_geo_coordinates = {geo_coordinates, ARRAY_SIZE(geo_coordinates)};

static const struct term identifier_entry[] = {
    {"id", "@id"},
    {"identifier", OB "identifier"},
    {"identifierType", OB "identifierType"},
    {"type", "@type"},
};
static const struct terms terms_identifier_entry = {identifier_entry, ARRAY_SIZE(identifier_entry)};

static const struct term identity_object[] = {
    {"hashed", OB "hashed", TERM_TYPED, XSD_HTTPS "boolean"},
    {"id", "@id"},
    {"identityHash", OB "identityHash"},
    {"identityType", OB "identityType"},
    {"salt", OB "salt"},
    {"type", "@type"},
};
static const struct terms terms_identity_object = {identity_object, ARRAY_SIZE(identity_object)};

static const struct term image[] = {
    {"caption", SCHEMA "caption"},
    {"id", "@id"},
    {"type", "@type"},
};
static const struct terms terms_image = {image, ARRAY_SIZE(image)};

static const struct term profile[] = {
    {"additionalName", SCHEMA "additionalName"},
    {"address", OB "address", TERM_ID},
    {"dateOfBirth", OB "dateOfBirth", TERM_TYPED, XSD_HTTPS "date"},
    {"email", SCHEMA "email"},
    {"familyName", SCHEMA "familyName"},
    {"familyNamePrefix", OB "familyNamePrefix"},
    {"givenName", SCHEMA "givenName"},
    {"honorificPrefix", SCHEMA "honorificPrefix"},
    {"honorificSuffix", SCHEMA "honorificSuffix"},
    {"id", "@id"},
    {"image", OB "image", TERM_ID},
    {"official", OB "official"},
    {"otherIdentifier", OB "otherIdentifier", .container = TERM_SET},
    {"parentOrg", OB "parentOrg", TERM_ID},
    {"patronymicName", OB "patronymicName"},
    {"phone", OB "phone"},
    {"type", "@type"},
};
static const struct terms terms_profile = {profile, ARRAY_SIZE(profile)};

static const struct term related[] = {
    {"id", "@id"},
    {"inLanguage", SCHEMA "inLanguage"},
    {"type", "@type"},
    {"version", OB "version"},
};
static const struct terms terms_related = {related, ARRAY_SIZE(related)};

static const struct term result[] = {
    {"achievedLevel", OB "achievedLevel", TERM_TYPED, XSD_HTTPS "anyURI"},
    {"id", "@id"},
    {"resultDescription", OB "resultDescription", TERM_TYPED, XSD_HTTPS "anyURI"},
    {"status", OB "status"},
    {"type", "@type"},
    {"value", SCHEMA "value"},
};
static const struct terms terms_result = {result, ARRAY_SIZE(result)};

static const struct term result_description[] = {
    {"allowedValue", OB "allowedValue", .container = TERM_LIST},
    {"id", "@id"},
    {"requiredLevel", OB "requiredLevel", TERM_TYPED, XSD_HTTPS "anyURI"},
    {"requiredValue", OB "requiredValue"},
    {"resultType", OB "resultType"},
    {"rubricCriterionLevel", OB "rubricCriterionLevel", .container = TERM_SET},
    {"type", "@type"},
    {"valueMax", OB "valueMax"},
    {"valueMin", OB "valueMin"},
};
static const struct terms terms_result_description = {result_description, ARRAY_SIZE(result_description)};

static const struct term rubric_criterion_level[] = {
    {"id", "@id"},
    {"level", OB "level"},
    {"points", OB "points"},
    {"type", "@type"},
};
static const struct terms terms_rubric_criterion_level = {rubric_criterion_level, ARRAY_SIZE(rubric_criterion_level)};

static const struct term ob[] = {
    {"Achievement", OB "Achievement", .scope = &terms_achievement},
    {"AchievementCredential", OB "OpenBadgeCredential"},
    {"AchievementSubject", OB "AchievementSubject", .scope = &terms_achievement_subject},
    {"Address", OB "Address", .scope = &terms_address},
    {"Alignment", SCHEMA "AlignmentObject", .scope = &terms_alignment},
    {"Criteria", OB "Criteria"},
    {"EndorsementCredential", OB "EndorsementCredential"},
    {"EndorsementSubject", OB "EndorsementSubject", .scope = &terms_endorsement_subject},
    {"Evidence", OB "Evidence", .scope = &terms_evidence},
    {"GeoCoordinates", OB "GeoCoordinates", .scope = &terms_geo_coordinates},
    {"IdentifierEntry", OB "IdentifierEntry", .scope = &terms_identifier_entry},
    {"IdentityObject", OB "IdentityObject", .scope = &terms_identity_object},
    {"Image", OB "Image", .scope = &terms_image},
    {"OpenBadgeCredential", OB "OpenBadgeCredential"},
    {"Profile", OB "Profile", .scope = &terms_profile},
    {"Related", OB "Related", .scope = &terms_related},
    {"Result", OB "Result", .scope = &terms_result},
    {"ResultDescription", OB "ResultDescription", .scope = &terms_result_description},
    {"RubricCriterionLevel", OB "RubricCriterionLevel", .scope = &terms_rubric_criterion_level},
    {"alignment", OB "alignment", .container = TERM_SET},
    {"awardedDate", OB "awardedDate", TERM_TYPED, "xsd:dateTime"},
    {"description", SCHEMA "description"},
    {"endorsement", OB "endorsement", .container = TERM_SET},
    {"id", "@id"},
    {"image", OB "image", TERM_ID},
    {"inLanguage", SCHEMA "inLanguage"},
    {"name", SCHEMA "name"},
    {"narrative", OB "narrative"},
    {"type", "@type"},
    {"url", SCHEMA "url", TERM_TYPED, XSD_HTTPS "anyURI"},
};
const struct terms terms_ob = {ob, ARRAY_SIZE(ob)};

/* ---- Extensions ---- */

static const struct term extensions[] = {
    {"1EdTechCredentialRefresh", "https://purl.imsglobal.org/spec/vccr/v1p0/context.json#1EdTechCredentialRefresh"},
    {"1EdTechJsonSchemaValidator2019", "https://purl.imsglobal.org/spec/vccs/v1p0/context.json#1EdTechJsonSchemaValidator2019"},
    {"1EdTechRevocationList", "https://purl.imsglobal.org/spec/vcrl/v1p0/context.json#1EdTechRevocationList"},
    {"id", "@id"},
    {"type", "@type"},
};
const struct terms terms_extensions = {extensions, ARRAY_SIZE(extensions)};
