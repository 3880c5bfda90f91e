//! Of what is a partner's user told, and how? This installation shows on the web how services work,
//! to whoever may see it, and sends nobody a notice of anything: nothing here can be turned on or off.

use axum::extract::State;
use commands::Permission;
use events::{Opened, PartnerUserId, PartnerUserProfile};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    partner_users::{row_of, viewing},
    path_ids::PathId,
    reading::{Reader, View, open, readable},
    wire::Answer,
    words::Words,
    writing::Writer,
};
use crate::{
    application::Application,
    http::{ApiError, AppState},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(one, change))
}

/// Of what somebody can be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Area {
    None,
    RatedUsage,
    ServiceHealth,
}

const AREAS: Words<Area> = Words {
    field: "notificationArea",
    all: &[
        ("none", Area::None),
        ("rated_usage", Area::RatedUsage),
        ("service_health", Area::ServiceHealth),
    ],
};

/// How somebody can be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Channel {
    None,
    Email,
    Web,
}

const CHANNELS: Words<Channel> = Words {
    field: "channelType",
    all: &[("none", Channel::None), ("email", Channel::Email), ("web", Channel::Web)],
};

/// Whether somebody is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Status {
    NotSupported,
    On,
    Off,
}

const STATUSES: Words<Status> = Words {
    field: "status",
    all: &[("not_supported", Status::NotSupported), ("on", Status::On), ("off", Status::Off)],
};

impl PathId for Area {
    fn read(text: &str) -> Result<Self, ApiError> {
        AREAS.read(text)
    }
}

impl PathId for Channel {
    fn read(text: &str) -> Result<Self, ApiError> {
        CHANNELS.read(text)
    }
}

type PreferencePath = (PartnerUserId, Area, Channel);

/// What is done: how services work stands on the web, for whoever may see it.
const fn status(area: Area, channel: Channel) -> Status {
    match (area, channel) {
        (Area::ServiceHealth, Channel::Web) => Status::On,
        (Area::None | Area::RatedUsage | Area::ServiceHealth, _) => Status::NotSupported,
    }
}

/// Of what a user is told, and how.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NotificationPreference {
    /// `none`, `rated_usage` or `service_health`.
    #[schema(value_type = String, example = "service_health")]
    notification_area: &'static str,
    #[schema(value_type = String)]
    locale: &'static str,
    communication_preferences: Vec<CommunicationPreference>,
}

/// Whether a user is told in one way.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CommunicationPreference {
    /// `none`, `email` or `web`.
    #[schema(value_type = String, example = "web")]
    channel: &'static str,
    /// The address that letters would go to.
    #[schema(example = "nora@relecloud.example")]
    endpoint: Option<String>,
    /// `on`, or `not_supported` where nobody is told in this way.
    #[schema(value_type = String, example = "on")]
    status: &'static str,
}

/// Tells whether a user is told of something in some way.
#[utoipa::path(
    get,
    path = "/v1/users/{user}/preferences/notifications/{area}/{channel}",
    tag = "Partner users",
    params(
        ("area" = String, Path, description = "none, rated_usage or service_health.", example = json!("service_health")),
        ("channel" = String, Path, description = "none, email or web.", example = json!("web")),
    ),
    responses((status = OK, description = "Whether it is.", body = NotificationPreference))
)]
async fn one(
    State(app): State<AppState>,
    reader: Reader<PreferencePath>,
) -> Result<Answer, ApiError> {
    let (user, area, channel) = reader.ids;
    let view = reader.view(&app, viewing(&reader.caller, user)).await?;
    Ok(Answer::ok(view.position(), shown(&app, &view, user, area, channel).await?))
}

async fn shown(
    app: &Application,
    view: &View,
    user: PartnerUserId,
    area: Area,
    channel: Channel,
) -> Result<NotificationPreference, ApiError> {
    let row = row_of(view, user)?;
    let endpoint = if channel == Channel::Email {
        let profile: Opened<PartnerUserProfile> = open(app, &row.profile).await?;
        readable(&profile).map(|profile| profile.email.to_string())
    } else {
        None
    };
    let told = CommunicationPreference {
        channel: CHANNELS.word(channel),
        endpoint,
        status: STATUSES.word(status(area, channel)),
    };
    Ok(NotificationPreference {
        notification_area: AREAS.word(area),
        locale: "en-US",
        communication_preferences: vec![told],
    })
}

/// Whether a user wants to be told.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct CommunicationPreferenceGiven {
    /// `on`, `off` or `not_supported`.
    #[schema(example = "on")]
    status: String,
}

/// Says whether a user wants to be told: as it is, as nothing here can be turned on or off.
///
/// What is not done already is refused.
#[utoipa::path(
    put,
    path = "/v1/users/{user}/preferences/notifications/{area}/{channel}",
    tag = "Partner users",
    params(
        ("area" = String, Path, description = "none, rated_usage or service_health.", example = json!("service_health")),
        ("channel" = String, Path, description = "none, email or web.", example = json!("web")),
    ),
    request_body = CommunicationPreferenceGiven,
    responses((status = OK, description = "As it is.", body = [NotificationPreference]))
)]
async fn change(
    State(app): State<AppState>,
    writer: Writer<PreferencePath>,
) -> Result<Answer, ApiError> {
    let (user, area, channel) = writer.ids;
    let needed = if writer.caller.is(user) {
        Permission::OwnProfile
    } else {
        Permission::PartnerUsersManage
    };
    app.allow(writer.caller.principal(), needed).await?;
    let view = View { model: app.models().current(), at: app.now(), partner: writer.partner() };
    let preference = shown(&app, &view, user, area, channel).await?;
    let wanted = STATUSES.read_member(&writer.body)?;
    let wanted = wanted.ok_or_else(|| writer.body.missing(STATUSES.field))?;
    match (wanted, status(area, channel)) {
        (Status::On, Status::On) | (Status::Off | Status::NotSupported, Status::NotSupported) => {
            Ok(Answer::ok(view.position(), [preference]))
        }
        (Status::On, Status::Off | Status::NotSupported) => {
            let reason = "cannot be on: nobody is told of this in this way";
            Err(writer.body.wrong(STATUSES.field, reason))
        }
        (Status::Off | Status::NotSupported, Status::On | Status::Off) => {
            let reason = "must be on: this is shown to whoever may see it";
            Err(writer.body.wrong(STATUSES.field, reason))
        }
    }
}
