//! What the provider says of itself in its profiles.

use commands::{EditPartnerProfile, permission_to_edit_profile};
use events::{
    BillingNumber, EmailAddress, InvalidValue, LetterText, PartnerProfile, ProfileContact,
    WebAddress,
};

use super::{
    super::{step::Step, world::Company},
    script::Script,
};

pub(super) fn scene(mut script: Script<'_>) -> Result<Vec<Step>, InvalidValue> {
    let company = &script.world.provider;
    script.at(12);
    let website = || WebAddress::new(&format!("https://www.{}", company.domain)).map(Some);
    let address = company.region.address(&mut script.dice)?;
    let contact = || contact(company);
    let about = LetterText::new("Cloud services for small and large companies, since 2009.")?;
    let all = [
        PartnerProfile::LegalBusiness { address: address.clone(), contact: contact()? },
        PartnerProfile::Organization { address: address.clone(), contact: contact()? },
        PartnerProfile::Support {
            website: website()?,
            email: EmailAddress::new(&format!("support@{}", company.domain))?,
            phone_number: company.region.phone(&mut script.dice)?,
        },
        PartnerProfile::Business { about, website: website()?, contact: contact()? },
        PartnerProfile::Billing {
            address,
            contact: contact()?,
            purchase_order: Some(BillingNumber::new("PO-2026-0042")?),
            tax_id: None,
        },
    ];
    for profile in all {
        let by = script.provider(permission_to_edit_profile(profile.kind()));
        let (company_name, country) = (company.name.clone(), company.country.clone());
        let command = EditPartnerProfile { company_name, country, profile };
        script.on_partner(by, company.id, command);
    }
    Ok(script.steps())
}

fn contact(company: &Company) -> Result<ProfileContact, InvalidValue> {
    let called = company.region.person(0)?;
    Ok(ProfileContact {
        first_name: called.first,
        last_name: called.last,
        email: EmailAddress::new(&format!("{}@{}", called.local_part, company.domain))?,
        phone_number: None,
    })
}
