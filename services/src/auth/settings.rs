//! How tokens are given and taken, as it is told at the start.

use clap::Args;
use tokio::sync::Mutex;

use super::{
    access::{AUDIENCE_DEFAULT, AccessRules},
    key_source::KeySource,
    outside::{OutsideIssuer, UserClaim},
};
use crate::jwt::Algorithm;

/// How tokens are given and taken.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct TokenSettings {
    /// The address that access tokens name as their issuer, with https:// or http:// in front; by
    /// default the address listened on. Tokens of another issuer are not taken.
    #[arg(long, value_name = "URL", env = "PARTNERLOG_ISSUER", value_parser = web_address)]
    issuer: Option<String>,
    /// For whom access tokens are, the usual one first; by default the address of the contract's API.
    #[arg(long, value_name = "URI", env = "PARTNERLOG_AUDIENCE", value_delimiter = ',')]
    audience: Vec<String>,
    /// Exchange the name and password of a user for tokens at the token endpoint. For tests: the
    /// application sees the password.
    #[arg(long, env = "PARTNERLOG_ALLOW_PASSWORD_GRANT")]
    allow_password_grant: bool,
    /// An outside issuer whose `OpenID` Connect tokens are taken, exactly as they name it.
    #[arg(
        long,
        value_name = "URL",
        env = "PARTNERLOG_OIDC_ISSUER",
        requires = "oidc_audience",
        requires = "oidc_keys"
    )]
    oidc_issuer: Option<String>,
    /// For whom tokens of the outside issuer must be: what it knows this installation by.
    #[arg(
        long,
        value_name = "ID",
        env = "PARTNERLOG_OIDC_AUDIENCE",
        value_delimiter = ',',
        requires = "oidc_issuer"
    )]
    oidc_audience: Vec<String>,
    /// Where the keys of the outside issuer are: the https:// address of its key set (JWKS), or a
    /// file.
    #[arg(
        long,
        value_name = "URL|FILE",
        env = "PARTNERLOG_OIDC_KEYS",
        value_parser = KeySource::read,
        requires = "oidc_issuer"
    )]
    oidc_keys: Option<KeySource>,
    /// The algorithms in which the outside issuer may sign.
    #[arg(
        long,
        value_enum,
        env = "PARTNERLOG_OIDC_ALGORITHMS",
        value_delimiter = ',',
        default_values_t = [Algorithm::Rs256, Algorithm::Es256],
    )]
    oidc_algorithms: Vec<Algorithm>,
    /// The claim by which the outside issuer names a user: one that holds the address the user signs
    /// in with here, or `oid`: the id of the user, with `tid`, the id of its partner.
    #[arg(long, value_name = "NAME", env = "PARTNERLOG_OIDC_CLAIM", default_value = "email")]
    oidc_claim: String,
}

impl TokenSettings {
    /// The rules for a server at this address.
    pub(crate) fn rules(&self, own_address: &str) -> AccessRules {
        let issuer = self.issuer.clone().unwrap_or_else(|| own_address.to_owned());
        let audiences = self.audience.iter().map(|it| it.trim_end_matches('/').to_owned());
        let mut audiences: Vec<String> = audiences.filter(|it| !it.is_empty()).collect();
        if audiences.is_empty() {
            audiences.push(AUDIENCE_DEFAULT.to_owned());
        }
        AccessRules { issuer, audiences, takes_passwords: self.allow_password_grant }
    }

    /// The outside issuer, where there is one.
    pub(crate) fn outside(&self) -> Option<OutsideIssuer> {
        let claim = match self.oidc_claim.as_str() {
            "oid" => UserClaim::ObjectId,
            name => UserClaim::Address(name.to_owned()),
        };
        Some(OutsideIssuer {
            issuer: self.oidc_issuer.clone()?,
            audiences: self.oidc_audience.clone(),
            algorithms: self.oidc_algorithms.clone(),
            claim,
            source: self.oidc_keys.clone()?,
            keys: Mutex::default(),
        })
    }
}

/// An address on the web, without a slash at its end.
fn web_address(text: &str) -> Result<String, String> {
    let text = text.trim().trim_end_matches('/');
    if text.starts_with("https://") || text.starts_with("http://") {
        Ok(text.to_owned())
    } else {
        Err("must begin with https:// or http://".to_owned())
    }
}
