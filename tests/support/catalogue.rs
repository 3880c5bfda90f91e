//! The offers and products of the sample catalogue that stories buy.

/// Office 365 Business Premium: one to 300 licences.
pub const OFFER_PREMIUM: &str = "031c9e47-4802-4248-838e-778fb1d2cc05";
/// The product behind [`OFFER_PREMIUM`].
pub const SKU_PREMIUM: &str = "f245ecc8-75af-4f8e-b61f-27d8114de5f3";
/// Office 365 Business Essentials: one to 300 licences.
pub const OFFER_ESSENTIALS: &str = "bd938f12-058f-4927-bba3-ae36b1d2501c";
/// The product behind [`OFFER_ESSENTIALS`].
pub const SKU_ESSENTIALS: &str = "3b555118-da6a-4418-894f-7df1e2096870";
/// Office 365 Enterprise E3: one to 100,000 licences.
pub const OFFER_E3: &str = "796b6b5f-613c-4e24-a17c-eba730d49c02";
/// The product behind [`OFFER_E3`].
pub const SKU_E3: &str = "6fd2c87f-b296-42f0-b197-1e91e994b900";
