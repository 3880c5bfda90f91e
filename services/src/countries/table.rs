//! The countries, in the order of their codes.

use super::{CountryRules, Pattern, TaxId, states};

/// Every country of which rules are known.
pub(super) const ALL: &[CountryRules] = &[
    CountryRules::new("AM", &["hy-AM"], &["374"], (8, 9)).with_postal_codes(&[Pattern("####")]),
    CountryRules::new("AT", &["de-AT"], &["43"], (4, 13))
        .with_postal_codes(&[Pattern("####")])
        .with_vat_ids(&[Pattern("ATU########")]),
    CountryRules::new("AU", &["en-AU"], &["61"], (9, 10))
        .with_states(states::AU)
        .with_postal_codes(&[Pattern("####")])
        .with_tax_id(TaxId { format: "99 999 999 999", sample: "51 824 753 556" }),
    CountryRules::new("AZ", &["az-AZ"], &["994"], (9, 10))
        .with_postal_codes(&[Pattern("AZ ####"), Pattern("####")]),
    CountryRules::new("BE", &["nl-BE", "fr-BE", "de-BE"], &["32"], (8, 10))
        .with_postal_codes(&[Pattern("####")])
        .with_vat_ids(&[Pattern("BE0#########"), Pattern("BE1#########")]),
    CountryRules::new("BG", &["bg-BG"], &["359"], (7, 10))
        .with_postal_codes(&[Pattern("####")])
        .with_vat_ids(&[Pattern("BG#########"), Pattern("BG##########")]),
    CountryRules::new("BR", &["pt-BR"], &["55"], (10, 11))
        .with_states(states::BR)
        .with_postal_codes(&[Pattern("#####-###"), Pattern("########")])
        .with_tax_id(TaxId { format: "99.999.999/9999-99", sample: "11.222.333/0001-81" }),
    CountryRules::new("BY", &["be-BY", "ru-BY"], &["375"], (9, 11))
        .with_postal_codes(&[Pattern("######")]),
    CountryRules::new("CA", &["en-CA", "fr-CA"], &["1"], (10, 10))
        .with_states(states::CA)
        .with_postal_codes(&[Pattern("@#@ #@#")]),
    CountryRules::new("CH", &["de-CH", "fr-CH", "it-CH"], &["41"], (9, 10))
        .with_postal_codes(&[Pattern("####")])
        .with_vat_ids(&[Pattern("CHE#########"), Pattern("CHE-###.###.###")]),
    CountryRules::new("CY", &["el-CY", "tr-CY"], &["357"], (8, 8))
        .with_postal_codes(&[Pattern("####")])
        .with_vat_ids(&[Pattern("CY########@")]),
    CountryRules::new("CZ", &["cs-CZ"], &["420"], (9, 9))
        .with_postal_codes(&[Pattern("### ##")])
        .with_vat_ids(&[Pattern("CZ########"), Pattern("CZ#########"), Pattern("CZ##########")]),
    CountryRules::new("DE", &["de-DE"], &["49"], (5, 13))
        .with_postal_codes(&[Pattern("#####")])
        .with_vat_ids(&[Pattern("DE#########")]),
    CountryRules::new("DK", &["da-DK"], &["45"], (8, 8))
        .with_postal_codes(&[Pattern("####")])
        .with_vat_ids(&[Pattern("DK########")]),
    CountryRules::new("EE", &["et-EE"], &["372"], (7, 8))
        .with_postal_codes(&[Pattern("#####")])
        .with_vat_ids(&[Pattern("EE#########")]),
    CountryRules::new("ES", &["es-ES", "ca-ES", "eu-ES", "gl-ES"], &["34"], (9, 9))
        .with_postal_codes(&[Pattern("#####")])
        .with_vat_ids(&[Pattern("ES*#######*")]),
    CountryRules::new("FI", &["fi-FI", "sv-FI"], &["358"], (5, 12))
        .with_postal_codes(&[Pattern("#####")])
        .with_vat_ids(&[Pattern("FI########")]),
    CountryRules::new("FR", &["fr-FR"], &["33"], (9, 10))
        .with_postal_codes(&[Pattern("#####")])
        .with_vat_ids(&[Pattern("FR**#########")]),
    CountryRules::new("GB", &["en-GB"], &["44"], (9, 11))
        .with_postal_codes(&[
            Pattern("@# #@@"),
            Pattern("@## #@@"),
            Pattern("@@# #@@"),
            Pattern("@@## #@@"),
            Pattern("@#@ #@@"),
            Pattern("@@#@ #@@"),
        ])
        .with_vat_ids(&[Pattern("GB#########"), Pattern("GB############")]),
    CountryRules::new("GR", &["el-GR"], &["30"], (10, 10))
        .with_postal_codes(&[Pattern("### ##")])
        .with_vat_ids(&[Pattern("EL#########")]),
    CountryRules::new("HR", &["hr-HR"], &["385"], (8, 10))
        .with_postal_codes(&[Pattern("#####")])
        .with_vat_ids(&[Pattern("HR###########")]),
    CountryRules::new("HU", &["hu-HU"], &["36"], (8, 10))
        .with_postal_codes(&[Pattern("####")])
        .with_vat_ids(&[Pattern("HU########")]),
    CountryRules::new("IE", &["en-IE", "ga-IE"], &["353"], (7, 10))
        .with_postal_codes(&[Pattern("@#* ****")])
        .with_vat_ids(&[Pattern("IE#######@"), Pattern("IE#######@@"), Pattern("IE#*#####@")]),
    CountryRules::new("IN", &["en-IN", "hi-IN"], &["91"], (10, 11))
        .with_postal_codes(&[Pattern("######"), Pattern("### ###")])
        .with_tax_id(TaxId { format: "99AAAAA9999A9Z9", sample: "27AAPFU0939F1ZV" }),
    CountryRules::new("IS", &["is-IS"], &["354"], (7, 9))
        .with_postal_codes(&[Pattern("###")])
        .with_vat_ids(&[Pattern("IS#####"), Pattern("IS######")]),
    CountryRules::new("IT", &["it-IT", "de-IT"], &["39"], (6, 12))
        .with_postal_codes(&[Pattern("#####")])
        .with_vat_ids(&[Pattern("IT###########")]),
    CountryRules::new("JP", &["ja-JP"], &["81"], (9, 11))
        .with_postal_codes(&[Pattern("###-####"), Pattern("#######")]),
    CountryRules::new("KG", &["ky-KG", "ru-KG"], &["996"], (9, 10))
        .with_postal_codes(&[Pattern("######")]),
    CountryRules::new("KZ", &["kk-KZ", "ru-KZ"], &["7"], (10, 11))
        .with_postal_codes(&[Pattern("######"), Pattern("@##@#@#")]),
    CountryRules::new("LT", &["lt-LT"], &["370"], (8, 9))
        .with_postal_codes(&[Pattern("LT-#####"), Pattern("#####")])
        .with_vat_ids(&[Pattern("LT#########"), Pattern("LT############")]),
    CountryRules::new("LU", &["fr-LU", "de-LU", "lb-LU"], &["352"], (4, 12))
        .with_postal_codes(&[Pattern("####"), Pattern("L-####")])
        .with_vat_ids(&[Pattern("LU########")]),
    CountryRules::new("LV", &["lv-LV"], &["371"], (8, 8))
        .with_postal_codes(&[Pattern("LV-####")])
        .with_vat_ids(&[Pattern("LV###########")]),
    CountryRules::new("MD", &["ro-MD", "ru-MD"], &["373"], (8, 9))
        .with_postal_codes(&[Pattern("MD-####"), Pattern("####")]),
    CountryRules::new("MT", &["mt-MT", "en-MT"], &["356"], (8, 8))
        .with_postal_codes(&[Pattern("@@@ ####")])
        .with_vat_ids(&[Pattern("MT########")]),
    CountryRules::new("MX", &["es-MX"], &["52"], (10, 11)).with_postal_codes(&[Pattern("#####")]),
    CountryRules::new("NL", &["nl-NL"], &["31"], (9, 10))
        .with_postal_codes(&[Pattern("#### @@")])
        .with_vat_ids(&[Pattern("NL#########B##")]),
    CountryRules::new("NO", &["nb-NO", "nn-NO"], &["47"], (8, 8))
        .with_postal_codes(&[Pattern("####")])
        .with_vat_ids(&[Pattern("#########MVA"), Pattern("NO#########MVA")]),
    CountryRules::new("NZ", &["en-NZ", "mi-NZ"], &["64"], (8, 11))
        .with_postal_codes(&[Pattern("####")]),
    CountryRules::new("PL", &["pl-PL"], &["48"], (9, 9))
        .with_postal_codes(&[Pattern("##-###")])
        .with_vat_ids(&[Pattern("PL##########")]),
    CountryRules::new("PT", &["pt-PT"], &["351"], (9, 9))
        .with_postal_codes(&[Pattern("####-###")])
        .with_vat_ids(&[Pattern("PT#########")]),
    CountryRules::new("RO", &["ro-RO"], &["40"], (9, 10))
        .with_postal_codes(&[Pattern("######")])
        .with_vat_ids(&[
            Pattern("RO##"),
            Pattern("RO###"),
            Pattern("RO####"),
            Pattern("RO#####"),
            Pattern("RO######"),
            Pattern("RO#######"),
            Pattern("RO########"),
            Pattern("RO#########"),
            Pattern("RO##########"),
        ]),
    CountryRules::new("RU", &["ru-RU"], &["7"], (10, 11)).with_postal_codes(&[Pattern("######")]),
    CountryRules::new("SE", &["sv-SE"], &["46"], (7, 10))
        .with_postal_codes(&[Pattern("### ##")])
        .with_vat_ids(&[Pattern("SE############")]),
    CountryRules::new("SG", &["en-SG", "zh-SG", "ms-SG", "ta-SG"], &["65"], (8, 8))
        .with_postal_codes(&[Pattern("######")]),
    CountryRules::new("SI", &["sl-SI"], &["386"], (8, 9))
        .with_postal_codes(&[Pattern("####"), Pattern("SI-####")])
        .with_vat_ids(&[Pattern("SI########")]),
    CountryRules::new("SK", &["sk-SK"], &["421"], (9, 10))
        .with_postal_codes(&[Pattern("### ##")])
        .with_vat_ids(&[Pattern("SK##########")]),
    CountryRules::new("TJ", &["tg-TJ"], &["992"], (9, 9)).with_postal_codes(&[Pattern("######")]),
    CountryRules::new("UA", &["uk-UA"], &["380"], (9, 10)).with_postal_codes(&[Pattern("#####")]),
    CountryRules::new("US", &["en-US", "es-US"], &["1"], (10, 10))
        .with_states(states::US)
        .with_postal_codes(&[Pattern("#####"), Pattern("#####-####")]),
    CountryRules::new("UZ", &["uz-UZ", "ru-UZ"], &["998"], (9, 9))
        .with_postal_codes(&[Pattern("######")]),
    CountryRules::new("ZA", &["en-ZA", "af-ZA", "zu-ZA"], &["27"], (9, 10))
        .with_postal_codes(&[Pattern("####")])
        .with_vat_ids(&[Pattern("4#########")]),
];
