//! The offers that the sample installation sells.

use commands::{Catalogue, Offer};
use events::{FriendlyName, OfferId, SkuId};
use uuid::Uuid;

/// One line of the catalogue: offer, product, name, what it is, fewest and most licences.
struct Line {
    offer: u128,
    sku: u128,
    part_number: &'static str,
    name: &'static str,
    description: &'static str,
    minimum: u32,
    maximum: u32,
}

const LINES: [Line; 7] = [
    Line {
        offer: 0x031c_9e47_4802_4248_838e_778f_b1d2_cc05,
        sku: 0xf245_ecc8_75af_4f8e_b61f_27d8_114d_e5f3,
        part_number: "O365_BUSINESS_PREMIUM",
        name: "Office 365 Business Premium",
        description: "Mail, desktop applications and 1 TB of storage for small companies.",
        minimum: 1,
        maximum: 300,
    },
    Line {
        offer: 0xbd93_8f12_058f_4927_bba3_ae36_b1d2_501c,
        sku: 0x3b55_5118_da6a_4418_894f_7df1_e209_6870,
        part_number: "O365_BUSINESS_ESSENTIALS",
        name: "Office 365 Business Essentials",
        description: "Mail and web applications for small companies.",
        minimum: 1,
        maximum: 300,
    },
    Line {
        offer: 0x796b_6b5f_613c_4e24_a17c_eba7_30d4_9c02,
        sku: 0x6fd2_c87f_b296_42f0_b197_1e91_e994_b900,
        part_number: "ENTERPRISEPACK",
        name: "Office 365 Enterprise E3",
        description: "Mail, applications, voice and compliance for large companies.",
        minimum: 1,
        maximum: 100_000,
    },
    Line {
        offer: 0xa044_b16a_1861_4308_8086_a3a3_b506_fac2,
        sku: 0xc793_0e1f_1f8a_4d36_9e40_18a1_2f5f_ad8f,
        part_number: "ENTERPRISEPREMIUM",
        name: "Office 365 Enterprise E5",
        description: "Everything of E3 with analytics and advanced protection.",
        minimum: 1,
        maximum: 100_000,
    },
    Line {
        offer: 0x1954_16c1_3447_423a_b37b_ee59_a99a_19c4,
        sku: 0x4b94_05b0_7788_4568_add1_9961_4e61_3b69,
        part_number: "EXCHANGESTANDARD",
        name: "Exchange Online Plan 1",
        description: "A mailbox of 50 GB.",
        minimum: 1,
        maximum: 100_000,
    },
    Line {
        offer: 0x2f70_7c7c_2433_49a5_a437_9ca7_cf40_d3eb,
        sku: 0x5381_8b1b_4a27_454b_8896_0dba_5764_10e6,
        part_number: "PROJECTPROFESSIONAL",
        name: "Project Professional",
        description: "Planning for project managers.",
        minimum: 1,
        maximum: 10_000,
    },
    Line {
        offer: 0x8909_4270_1ae4_4c58_b7b2_c2a0_5ae4_a9f2,
        sku: 0xa403_ebcc_fae0_4ca2_8c8c_7a90_7fd6_c235,
        part_number: "POWER_BI_STANDARD",
        name: "Power BI",
        description: "Reports and dashboards; bought in packs of five or more.",
        minimum: 5,
        maximum: 10_000,
    },
];

/// The offers that can be bought in an installation without a catalogue of its own.
#[must_use]
pub fn sample_catalogue() -> Catalogue {
    Catalogue::new(LINES.iter().filter_map(offer).collect())
}

fn offer(line: &Line) -> Option<Offer> {
    Some(Offer {
        id: OfferId::from_uuid(Uuid::from_u128(line.offer)),
        name: FriendlyName::new(line.name).ok()?,
        description: line.description.to_owned(),
        sku_id: SkuId::from_uuid(Uuid::from_u128(line.sku)),
        sku_name: line.name.to_owned(),
        sku_part_number: line.part_number.to_owned(),
        minimum_quantity: line.minimum,
        maximum_quantity: line.maximum,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_the_catalogue_is_lost_to_a_bad_name() {
        assert_eq!(sample_catalogue().offers().len(), LINES.len());
    }
}
