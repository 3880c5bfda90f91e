//! Which column of a file of users means what?

use crate::imports::sheet::sheet_columns;

sheet_columns! {
    /// What a column of the file holds.
    Column {
        /// The first name.
        FirstName = "First name": "firstname";
        /// The last name.
        LastName = "Last name": "lastname";
        /// The display name.
        DisplayName = "Display name": "displayname";
        /// The e-mail address, which becomes the user name.
        Email = "Email": "email" | "emailaddress" | "username" | "userprincipalname";
        /// The wanted products.
        Licenses = "Licenses": "licenses" | "licences";
        /// Where the user uses services.
        UsageLocation = "Usage location": "usagelocation";
        /// Where Partner Center writes what became of the row.
        StatusUpdate = "Status update": "statusupdate";
    }
    required { DisplayName, Email }
}
