//! Samples of what happens to a customer's account and its bonds with partners.

use events::{
    ContactDetails, CustomerCreated, CustomerDetailsEdited, CustomerDomainAdded, CustomerEvent,
    CustomerId, CustomerQualified, DelegatedAdminEnded, DelegatedAdminGranted, InvitationId,
    MailFailure, MailRoute, OwnPurchasesForbidden, OwnPurchasesPermitted, PartnerId, Personal,
    PostalAddress, Qualification, RelationshipDraft, RelationshipDraftEdited, RelationshipEnded,
    RelationshipEstablished, RelationshipLetterSendFailed, RelationshipLetterSendRequested,
    RelationshipLetterSent, RelationshipRequestAccepted, RelationshipRequestDeclined,
    RelationshipRequestExpired, RelationshipRequestWithdrawn, RelationshipRequested,
    ResellerAssociated, ResellerRemoved,
};

use crate::draw::Draw;

fn contact(draw: &mut Draw) -> ContactDetails {
    ContactDetails {
        email: draw.text("office@contoso.example"),
        first_name: draw.text("Cora"),
        last_name: draw.text("Contoso"),
        phone_number: draw.option(|draw| draw.text("+49 30 1234567")),
        address: PostalAddress {
            line1: draw.text("1 Main Street"),
            line2: draw.option(|draw| draw.text("2nd floor")),
            city: draw.text("Berlin"),
            state: draw.option(|draw| draw.text("BE")),
            postal_code: draw.option(|draw| draw.text("10115")),
        },
    }
}

pub(super) fn account(draw: &mut Draw) -> Vec<CustomerEvent> {
    let customer_id = id!(draw, CustomerId);
    let (provider, reseller) = (id!(draw, PartnerId), id!(draw, PartnerId));
    vec![
        CustomerCreated {
            customer_id,
            partner_id: provider,
            company_name: draw.text("Contoso"),
            domain: draw.text("contoso.example"),
            country: draw.text("DE"),
            culture: draw.text("de-DE"),
            language: draw.text("de"),
            contact: Personal::open(customer_id.into(), contact(draw)),
        }
        .into(),
        CustomerDetailsEdited {
            company_name: draw.text("Contoso"),
            country: draw.text("AT"),
            culture: draw.text("de-AT"),
            language: draw.text("de"),
            contact: Personal::open(customer_id.into(), contact(draw)),
        }
        .into(),
        RelationshipEstablished { partner_id: provider, delegated_admin: draw.bool() }.into(),
        RelationshipEnded { partner_id: provider }.into(),
        ResellerAssociated { provider, reseller }.into(),
        ResellerRemoved { provider, reseller }.into(),
    ]
}

pub(super) fn standing(draw: &mut Draw) -> Vec<CustomerEvent> {
    vec![
        CustomerDomainAdded { domain: draw.text("contoso.example") }.into(),
        CustomerQualified { qualification: draw.pick(&Qualification::ALL) }.into(),
    ]
}

pub(super) fn requests(draw: &mut Draw) -> Vec<CustomerEvent> {
    let invitation_id = id!(draw, InvitationId);
    let (partner_id, customer_id) = (id!(draw, PartnerId), id!(draw, CustomerId));
    let letter = |draw: &mut Draw| RelationshipDraft {
        recipient: draw.option(|draw| draw.text("office@contoso.example")),
        subject: draw.text("May we serve you?"),
        text: draw.text("Please open {link}\nand accept."),
    };
    vec![
        RelationshipRequested {
            invitation_id,
            partner_id,
            addressed_to: draw.option(|draw| id!(draw, CustomerId)),
            delegated_admin: draw.bool(),
            expires_at: draw.moment(),
            draft: Personal::open(invitation_id.into(), letter(draw)),
        }
        .into(),
        RelationshipDraftEdited {
            invitation_id,
            partner_id,
            draft: Personal::open(invitation_id.into(), letter(draw)),
        }
        .into(),
        RelationshipRequestAccepted { invitation_id, partner_id, customer_id }.into(),
        RelationshipRequestDeclined { invitation_id, partner_id, customer_id }.into(),
        RelationshipRequestWithdrawn { invitation_id, partner_id }.into(),
        RelationshipRequestExpired { invitation_id, partner_id }.into(),
        RelationshipLetterSendRequested { invitation_id, partner_id }.into(),
        RelationshipLetterSent {
            invitation_id,
            partner_id,
            attempt: draw.number(),
            route: draw.pick(&[MailRoute::Smtp, MailRoute::File]),
        }
        .into(),
        RelationshipLetterSendFailed {
            invitation_id,
            partner_id,
            attempt: draw.number(),
            reason: draw.pick(&[MailFailure::Unaddressed, MailFailure::Deferred]),
            retry_at: draw.option(Draw::moment),
        }
        .into(),
        DelegatedAdminGranted { partner_id }.into(),
        DelegatedAdminEnded { partner_id }.into(),
        OwnPurchasesPermitted { partner_id }.into(),
        OwnPurchasesForbidden { partner_id }.into(),
    ]
}
