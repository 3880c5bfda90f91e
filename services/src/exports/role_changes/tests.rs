//! The export of a short history, cell by cell.

use commands::{
    AddPartnerUser, AssignRole, DeletePartnerUser, EditPartnerUser, RestorePartnerUser, RevokeRole,
};
use events::{PartnerUserId, Role};
use uuid::Uuid;

use super::*;
use crate::{
    application::OnPartner,
    imports::testing::{ADMIN, Installation, PARTNER},
};

const USER: PartnerUserId = PartnerUserId::from_uuid(Uuid::from_u128(0xb1));

impl Installation {
    async fn partner(&self, command: impl Into<commands::PartnerCommand>) {
        self.clock.advance_seconds(60);
        self.as_admin(&OnPartner::new(PARTNER, command)).await;
    }

    /// A user is added, renamed, and gains, swaps and loses roles.
    async fn history(&self) {
        let user = self.new_partner_user(USER, "=Max Mustermann");
        let (sign_in_name, mut profile) = (user.sign_in_name, user.profile.clone());
        let roles = vec![Role::SalesAgent];
        self.partner(AddPartnerUser { user, withhold_default_access: false, roles }).await;
        profile.full_name = "Max, \"the\" Muster".parse().unwrap();
        self.partner(EditPartnerUser { user_id: USER, sign_in_name, profile }).await;
        let mut call = Self::admin_call();
        call.reason = Some("moved, see mail".parse().unwrap());
        call.ticket = Some("CHG#42".parse().unwrap());
        call.approved_by = Some(ADMIN);
        self.clock.advance_seconds(60);
        let command = AssignRole { user_id: USER, role: Role::AdminAgent };
        self.app().execute(&call, &OnPartner::new(PARTNER, command)).await.unwrap();
        self.partner(RevokeRole { user_id: USER, role: Role::AdminAgent }).await;
        self.partner(DeletePartnerUser { user_id: USER }).await;
        self.partner(RestorePartnerUser { user_id: USER, renamed: None }).await;
    }

    async fn export(&self, filter: RoleChangeFilter) -> (String, Manifest<RoleChangeFilter>) {
        let mut bytes = Vec::new();
        let (store, vault) = (self.app().store(), self.app().vault());
        let manifest = export_role_changes(&**store, vault, filter, &mut bytes).await.unwrap();
        (String::from_utf8(bytes).unwrap(), manifest)
    }

    /// The file with names for what differs from run to run or is long: an event id and a leaf hash
    /// get theirs only where they are those of the record at the row's position.
    async fn abbreviated(&self, file: &str) -> String {
        let records = self.app().store().read_log(Position::START, 100).await.unwrap();
        let mut lines = Vec::new();
        for line in file.split("\r\n") {
            let position = line.split(',').next().and_then(|cell| cell.parse::<usize>().ok());
            let Some(record) = position.map(|position| &records[position]) else {
                lines.push(line.to_owned());
                continue;
            };
            let leaf_hash = HEXLOWER.encode(&store::leaf_hash(record));
            let line = line
                .replace(&record.header().event_id.to_string(), "EVENT")
                .replace(&leaf_hash, "LEAF")
                .replace(&PARTNER.to_string(), "FABRIKAM")
                .replace(&ADMIN.to_string(), "ANA")
                .replace(&USER.to_string(), "MAX")
                .replace(&Uuid::from_u128(0xcc).to_string(), "CORRELATION")
                .replace("2026-11-20T", "");
            lines.push(line);
        }
        lines.join("\r\n")
    }
}

const GOLDEN: [&str; 10] = [
    "leaf_index,event_id,occurred_at,recorded_at,action,partner_id,target_id,target_name,category,\
     role_before,role_after,actor_id,actor_name,actor_role,on_behalf_of,reason,ticket,approved_by,\
     source,correlation_id,subject_erased_at,leaf_hash",
    "2,EVENT,08:00:00.000000Z,08:00:00.000000Z,grant,FABRIKAM,ANA,Ana Lima,default,,default_access,\
     operator,,operator,,,,,api,CORRELATION,,LEAF",
    "3,EVENT,08:00:00.000000Z,08:00:00.000000Z,grant,FABRIKAM,ANA,Ana Lima,admin,,global_admin,\
     operator,,operator,,,,,api,CORRELATION,,LEAF",
    "12,EVENT,08:01:00.000000Z,08:01:00.000000Z,grant,FABRIKAM,MAX,'=Max Mustermann,default,,\
     default_access,ANA,Ana Lima,global_admin,,,,,api,CORRELATION,,LEAF",
    "13,EVENT,08:01:00.000000Z,08:01:00.000000Z,grant,FABRIKAM,MAX,'=Max Mustermann,agent,,\
     sales_agent,ANA,Ana Lima,global_admin,,,,,api,CORRELATION,,LEAF",
    "16,EVENT,08:03:00.000000Z,08:03:00.000000Z,replace,FABRIKAM,MAX,\"Max, \"\"the\"\" Muster\",\
     agent,sales_agent,admin_agent,ANA,Ana Lima,global_admin,,\"moved, see mail\",CHG#42,ANA,api,\
     CORRELATION,,LEAF",
    "17,EVENT,08:04:00.000000Z,08:04:00.000000Z,revoke,FABRIKAM,MAX,\"Max, \"\"the\"\" Muster\",\
     agent,admin_agent,,ANA,Ana Lima,global_admin,,,,,api,CORRELATION,,LEAF",
    "18,EVENT,08:05:00.000000Z,08:05:00.000000Z,revoke,FABRIKAM,MAX,\"Max, \"\"the\"\" Muster\",\
     default,default_access,,ANA,Ana Lima,global_admin,,,,,api,CORRELATION,,LEAF",
    "20,EVENT,08:06:00.000000Z,08:06:00.000000Z,grant,FABRIKAM,MAX,\"Max, \"\"the\"\" Muster\",\
     default,,default_access,ANA,Ana Lima,global_admin,,,,,api,CORRELATION,,LEAF",
    "",
];

#[tokio::test]
async fn the_export_has_a_row_a_change_with_names_of_that_time_guard_and_proof() {
    let installation = Installation::new().await;
    installation.history().await;
    let (file, manifest) = installation.export(RoleChangeFilter::default()).await;
    let abbreviated = installation.abbreviated(&file).await;
    assert_eq!(abbreviated.split("\r\n").collect::<Vec<_>>(), GOLDEN);
    assert_eq!((manifest.rows, manifest.position), (8, installation.app().store().head()));
    assert_eq!(manifest.sha256.0, <[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(&file)));
}

/// The first cell of each row.
fn positions(file: &str) -> Vec<&str> {
    file.lines().skip(1).filter_map(|line| line.split(',').next()).collect()
}

#[tokio::test]
async fn the_filter_takes_since_and_leaves_until_and_knows_no_later_event() {
    let installation = Installation::new().await;
    installation.history().await;
    let at = |text: &str| Some(Timestamp::new(text.parse().unwrap()));
    let filter = RoleChangeFilter {
        since: at("2026-11-20T08:01:00Z"),
        until: at("2026-11-20T08:04:00Z"),
        ..RoleChangeFilter::default()
    };
    let (file, _) = installation.export(filter).await;
    assert_eq!(positions(&file), ["12", "13", "16"]);
    let filter = RoleChangeFilter { as_of: Some(Position::new(13)), ..filter };
    let (file, manifest) = installation.export(filter).await;
    assert_eq!(positions(&file), ["12"]);
    assert_eq!(manifest.position, Position::new(13));
    let partner = Some(PartnerId::from_uuid(Uuid::from_u128(9)));
    let (file, manifest) =
        installation.export(RoleChangeFilter { partner, ..RoleChangeFilter::default() }).await;
    assert_eq!((positions(&file).len(), manifest.rows), (0, 0));
}
