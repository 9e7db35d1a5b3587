//! [`Escalation`]: the known ways from one principal of AWS to another, as `core/data/aws_escalations.csv` lists them.

use std::sync::LazyLock;

/// A known way from one principal to another.
#[derive(Debug)]
pub(super) struct Escalation {
    pub way: Way,
    /// Every action that is needed, the first on the target.
    pub actions: Vec<&'static str>,
    /// The services that the role must trust, where code of a service acts as it.
    pub services: Vec<&'static str>,
    /// The actions as a permission is written.
    pub permission: String,
}

/// What an escalation works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// New code that acts as a role which trusts its service.
    NewCompute,
    /// The same on a cluster or job that must be there already.
    NeedsCompute,
    /// Code that is there already and acts as a role.
    ExistingCompute,
    /// A new instance, for a role with an instance profile.
    NewInstance,
    /// An instance that is there already.
    ExistingInstance,
    /// A managed policy that the principal itself holds.
    OwnPolicy,
    /// An older version of a managed policy that the principal itself holds.
    OwnVersion,
    /// The principal itself, where it is a role.
    OwnRole,
    /// The principal itself, where it is a user.
    OwnUser,
    /// A group that the user is in.
    OwnGroup,
    /// A key for a user who has room for one.
    KeyOfUser,
    /// A key for a user in place of another.
    KeyInPlace,
    /// A password for a user without one.
    LoginOfUser,
    /// Another password for a user.
    PasswordOfUser,
    /// The trust of a role.
    TrustOfRole,
    /// A group for the user itself.
    MemberOfGroup,
    /// A role that is made stronger, then taken.
    StrongerRole,
    /// A user who is made stronger, then taken.
    StrongerUser,
    /// A policy of a role that is made stronger, then the role taken.
    StrongerPolicy,
    /// A role whose trust allows it.
    Assume,
}

/// Every row of the table.
pub(super) static ESCALATIONS: LazyLock<Vec<Escalation>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/aws_escalations.csv").lines().skip(1);
    rows.filter_map(|row| {
        let mut cells = row.split(',').skip(1);
        let (way, actions, services) = (way(cells.next()?)?, cells.next()?, cells.next()?);
        let actions: Vec<&str> = actions.split(' ').collect();
        Some(Escalation { way, permission: actions.join(" + "), actions, services: services.split_whitespace().collect() })
    })
    .collect()
});

fn way(word: &str) -> Option<Way> {
    Some(match word {
        "new_compute" => Way::NewCompute,
        "needs_compute" => Way::NeedsCompute,
        "existing_compute" => Way::ExistingCompute,
        "new_instance" => Way::NewInstance,
        "existing_instance" => Way::ExistingInstance,
        "own_policy" => Way::OwnPolicy,
        "own_version" => Way::OwnVersion,
        "own_role" => Way::OwnRole,
        "own_user" => Way::OwnUser,
        "own_group" => Way::OwnGroup,
        "key_of_user" => Way::KeyOfUser,
        "key_in_place" => Way::KeyInPlace,
        "login_of_user" => Way::LoginOfUser,
        "password_of_user" => Way::PasswordOfUser,
        "trust_of_role" => Way::TrustOfRole,
        "member_of_group" => Way::MemberOfGroup,
        "stronger_role" => Way::StrongerRole,
        "stronger_user" => Way::StrongerUser,
        "stronger_policy" => Way::StrongerPolicy,
        "assume" => Way::Assume,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read() {
        let rows = include_str!("../../../data/aws_escalations.csv").lines().skip(1).filter(|row| !row.is_empty());
        assert_eq!((rows.count(), ESCALATIONS.len()), (66, 66));
        assert!(ESCALATIONS.iter().all(|escalation| escalation.actions.iter().all(|action| action.contains(':'))));
    }
}
