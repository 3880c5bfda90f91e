//! The role-change export: who got, lost or swapped which role, by whom, when and why; one row a
//! change, each with the hash by which it can be proved.

use std::io::Write;

use data_encoding::HEXLOWER;
use events::{Actor, Opened, PartnerId, Position, Reason, RecordedEvent, Timestamp};
use serde::Serialize;
use store::{EventStore, Record};

use super::{
    csv_file::{CsvFile, ExportError, shown},
    manifest::Manifest,
    people::People,
    role_change_rows::{RoleChangeRow, actor_id, actor_role, role_changes, source, tenant_id},
};
use crate::vault::Vault;

/// The columns, in order.
pub const ROLE_CHANGE_COLUMNS: [&str; 22] = [
    "leaf_index",
    "event_id",
    "occurred_at",
    "recorded_at",
    "action",
    "partner_id",
    "target_id",
    "target_name",
    "category",
    "role_before",
    "role_after",
    "actor_id",
    "actor_name",
    "actor_role",
    "on_behalf_of",
    "reason",
    "ticket",
    "approved_by",
    "source",
    "correlation_id",
    "subject_erased_at",
    "leaf_hash",
];
/// Records read at once.
const PAGE_RECORDS: usize = 512;

/// Which role changes are exported; the default exports all.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleChangeFilter {
    /// Those at this partner only.
    pub partner: Option<PartnerId>,
    /// Those recorded at this moment or later.
    pub since: Option<Timestamp>,
    /// Those recorded before this moment.
    pub until: Option<Timestamp>,
    /// Those among this many first events of the log.
    pub as_of: Option<Position>,
}

/// Writes the role changes to `target`, oldest first, and says what the file holds. Names are those
/// of the moment of the change.
///
/// # Errors
/// When the log cannot be read, a record cannot be decoded, or the file cannot be written.
pub async fn export_role_changes<W: Write + Send>(
    store: &dyn EventStore,
    vault: &Vault,
    filter: RoleChangeFilter,
    target: W,
) -> Result<Manifest<RoleChangeFilter>, ExportError> {
    let head = filter.as_of.map_or_else(|| store.head(), |as_of| as_of.min(store.head()));
    let mut file = CsvFile::begin(target, &ROLE_CHANGE_COLUMNS)?;
    let mut export = Export { people: People::new(store, vault), vault, filter };
    let mut position = Position::START;
    let mut recorded_at = None;
    while position < head {
        let left = usize::try_from(head.get() - position.get()).unwrap_or(usize::MAX);
        let records = store.read_log(position, PAGE_RECORDS.min(left)).await?;
        let Some(last) = records.last() else { break };
        (position, recorded_at) = (last.position().next(), Some(last.header().recorded_at));
        for record in &records {
            for cells in export.rows_of(record).await? {
                file.row(cells.iter().map(String::as_str))?;
            }
        }
    }
    let (rows, sha256) = file.finish()?;
    Ok(Manifest { export: "role-changes", filter, position, recorded_at, rows, sha256 })
}

/// The role changes of the next records from `position` on, at most up to `head`, and where to go on:
/// for exports that are handed out part by part.
///
/// # Errors
/// When the log cannot be read, or a record cannot be decoded.
pub(crate) async fn next_role_changes(
    store: &dyn EventStore,
    vault: &Vault,
    filter: RoleChangeFilter,
    mut position: Position,
    head: Position,
) -> Result<(Vec<RoleChangeCells>, Position), ExportError> {
    let mut export = Export { people: People::new(store, vault), vault, filter };
    let mut rows = Vec::new();
    while rows.is_empty() && position < head {
        let left = usize::try_from(head.get() - position.get()).unwrap_or(usize::MAX);
        let records = store.read_log(position, PAGE_RECORDS.min(left)).await?;
        let Some(last) = records.last() else { return Ok((rows, head)) };
        position = last.position().next();
        for record in &records {
            rows.extend(export.rows_of(record).await?);
        }
    }
    Ok((rows, position))
}

/// The cells of a role change, in the order of the columns.
pub(crate) type RoleChangeCells = [String; ROLE_CHANGE_COLUMNS.len()];

struct Export<'a> {
    people: People<'a>,
    vault: &'a Vault,
    filter: RoleChangeFilter,
}

impl Export<'_> {
    async fn rows_of(&mut self, record: &Record) -> Result<Vec<RoleChangeCells>, ExportError> {
        // Every record is decoded: one that cannot be must not be passed over unnoticed.
        let recorded = record.decode()?;
        if !self.filter.admits(&recorded) {
            return Ok(Vec::new());
        }
        let leaf_hash = HEXLOWER.encode(&store::leaf_hash(record));
        let mut rows = Vec::new();
        for change in role_changes(&recorded) {
            rows.push(self.cells(&recorded, change, &leaf_hash).await?);
        }
        Ok(rows)
    }

    async fn cells(
        &mut self,
        recorded: &RecordedEvent,
        change: RoleChangeRow,
        leaf_hash: &str,
    ) -> Result<RoleChangeCells, ExportError> {
        let metadata = &recorded.metadata;
        let partner = PartnerId::from_uuid(recorded.stream.id());
        let position = recorded.position;
        let (target_name, erased_at) = self.target(partner, change, position).await?;
        let actor_name = match metadata.actor {
            Actor::PartnerUser { partner, user } => {
                self.people.name((partner, user), position).await?
            }
            Actor::CustomerUser { .. }
            | Actor::Operator
            | Actor::System(_)
            | Actor::SupportOperator { .. }
            | Actor::Auditor { .. }
            | Actor::Application { .. }
            | Actor::Visitor => String::new(),
        };
        let role = |role: Option<events::Role>| role.map_or("", events::Role::name).to_owned();
        Ok([
            position.to_string(),
            recorded.event_id.to_string(),
            time(metadata.occurred_at),
            time(recorded.recorded_at),
            change.action().to_owned(),
            partner.to_string(),
            change.user.to_string(),
            target_name,
            change.category.name().to_owned(),
            role(change.before),
            role(change.after),
            actor_id(&metadata.actor),
            actor_name,
            actor_role(metadata.rule.as_str()).to_owned(),
            metadata.on_behalf_of.as_ref().map(tenant_id).unwrap_or_default(),
            self.reason(recorded),
            metadata.ticket.as_ref().map(ToString::to_string).unwrap_or_default(),
            metadata.approved_by.map(|user| user.to_string()).unwrap_or_default(),
            source(metadata.client).to_owned(),
            metadata.correlation_id.to_string(),
            erased_at.map(time).unwrap_or_default(),
            leaf_hash.to_owned(),
        ])
    }

    /// The name of the user whose role changed, and when it was erased, if it was.
    async fn target(
        &mut self,
        partner: PartnerId,
        change: RoleChangeRow,
        position: Position,
    ) -> Result<(String, Option<Timestamp>), ExportError> {
        let opened = self.people.profile((partner, change.user), position).await?;
        let erased_at = match &opened {
            Some(Opened::Erased(at)) => Some(*at),
            Some(Opened::Readable(_) | Opened::KeyUnavailable) | None => None,
        };
        let name = opened.map(|opened| shown(opened, |profile| profile.full_name.to_string()));
        Ok((name.unwrap_or_default(), erased_at))
    }

    fn reason(&self, recorded: &RecordedEvent) -> String {
        if recorded.metadata.reason.is_none() {
            return String::new();
        }
        let opened = self.vault.open_field::<Reason>(recorded, "reason");
        shown(opened, |reason| reason.to_string())
    }
}

/// A time with all its digits, so that texts sort as times do.
fn time(moment: Timestamp) -> String {
    format!("{moment:.6}")
}

impl RoleChangeFilter {
    fn admits(&self, recorded: &RecordedEvent) -> bool {
        self.partner.is_none_or(|partner| recorded.stream == partner.into())
            && self.since.is_none_or(|since| recorded.recorded_at >= since)
            && self.until.is_none_or(|until| recorded.recorded_at < until)
    }
}

#[cfg(test)]
mod tests;
