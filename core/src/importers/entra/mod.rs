//! The reader of Microsoft Entra and Azure: Microsoft Graph, AzureHound and the Azure Resource Manager, in any mix and of any number of tenants.
//!
//! - Ids are the GUIDs of Microsoft in lower case: a tenant by its own, an application by its `appId` wherever it is told of, a service principal, a
//!   user and a group by its object id. What Azure names by a path is that path in lower case. So an object is one entity in whatever export it stands,
//!   and a workload that Kubernetes annotates with a client id meets its application.
//! - An application and its service principals, in its own and in other tenants, are joined by `instantiates`: the way from one tenant into the other.
//! - What many hold over many goes through identities of kind role: a directory role of a tenant, `ROLE@TENANT`; what it reaches there, for example
//!   `applications@TENANT`; an Azure role at a scope, `ROLE@SCOPE`. Azure roles reach collections (`SCOPE/*vault`), which pass rights on to what is in them.
//! - A password or certificate is a secret by the object it stands on and its key id; the three entries of a SAML signing pair are one.
//! - The subjects of a foreign issuer stand as identities, `ISSUER#SUBJECT`, as the other readers of clouds name them.
//! - What the tenant of an object is: what the record says, an organization in its input or folder, the name of a folder (`tenant=NAME`, or one in
//!   `tenants`) or the format (`entra@NAME`), the home of an application that stands beside it, or the only organization there is.
//! - Tables of the vendor (application permissions, directory roles, Azure roles and actions) stand in `core/data`, with a source per row. What
//!   no table has is `unmapped`; what hangs on a condition, a second factor or a policy that nobody can see is possible.

mod add;
mod applications;
mod azure_access;
mod azure_resources;
mod azure_roles;
mod azurehound;
mod conditional_access;
mod coverage;
mod credentials;
mod delegation;
mod detect;
mod directory_roles;
mod fields;
mod governance;
mod groups;
mod permissions;
mod reach;
mod reading;
mod shape;
mod take;
mod take_azure;
mod tenants;
mod vaults;
mod world;

use super::{ImportReading, Importer, Input};

/// The reader of Microsoft Entra and Azure.
#[derive(Debug)]
pub struct Entra;

impl Importer for Entra {
    fn format(&self) -> &'static str {
        "entra"
    }

    fn summary(&self) -> &'static str {
        "Microsoft Entra and Azure: Microsoft Graph, AzureHound, az and Azure Resource Manager outputs, JSON; a folder tenant=NAME names the tenant"
    }

    fn takes_name(&self) -> bool {
        true
    }

    fn detects(&self, input: &Input) -> bool {
        detect::detects(input)
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::<reading::Reading>::default()
    }
}
