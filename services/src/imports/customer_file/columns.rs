//! Which column of a file of customers means what?

use crate::imports::sheet::sheet_columns;

sheet_columns! {
    /// What a column of a file of customers holds.
    CustomerColumn {
        /// The company's name.
        CompanyName = "Company name": "companyname" | "company";
        /// Its domain.
        Domain = "Domain": "domain" | "domainname";
        /// The contact's first name.
        FirstName = "First name": "firstname";
        /// The contact's last name.
        LastName = "Last name": "lastname";
        /// The contact's e-mail address.
        Email = "Email": "email" | "emailaddress";
        /// The contact's telephone number.
        PhoneNumber = "Phone number": "phonenumber" | "phone";
        /// Street and number.
        Address = "Address": "address" | "addressline1";
        /// More of the address.
        AddressLine2 = "Address line 2": "addressline2";
        /// The city.
        City = "City": "city";
        /// State, province or region.
        State = "State": "state";
        /// The postal code.
        PostalCode = "Postal code": "postalcode" | "zip";
        /// The country, in two letters.
        Country = "Country": "country";
        /// The culture, such as `en-US`.
        Culture = "Culture": "culture";
        /// The language, such as `en`.
        Language = "Language": "language";
    }
    required { CompanyName, Domain, FirstName, LastName, Email, Country, Address, City }
}
