//! [`Arn`]: an Amazon Resource Name, and the ids that this reader makes of accounts.

use super::iam::principal::is_account;

/// An Amazon Resource Name, cut into its parts. Source: IAM user guide, "Amazon Resource Names (ARNs)".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arn<'a> {
    pub partition: &'a str,
    pub service: &'a str,
    pub account: &'a str,
    /// What stands behind the account.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Cuts an ARN; `None` where the text is none.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let (arn, partition, service, _region, account, resource) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        (arn == "arn" && !service.is_empty() && !resource.is_empty()).then_some(Arn { partition, service, account, resource })
    }

    /// The last word of what it names, behind the last `/`.
    pub fn name(&self) -> &'a str {
        self.resource.rsplit('/').next().unwrap_or(self.resource)
    }
}

/// The id of an account as a tenant: the ARN by which policies name it, in the partition that is known.
pub(super) fn account_id(partition: &str, account: &str) -> String {
    format!("arn:{partition}:iam::{account}:root")
}

/// The id of whoever an account lets act for it, where its own principals are not in the input.
pub(super) fn delegates_id(partition: &str, account: &str) -> String {
    format!("arn:{partition}:iam::{account}:*")
}

/// The id of the root user of an account: its ARN is that of the account, which is the tenant.
pub(super) fn root_user_id(partition: &str, account: &str) -> String {
    format!("arn:{partition}:iam::{account}:root-user")
}

/// The first number of an account in the name of a file: `tags-111122223333.json`.
pub(super) fn account_in(text: &str) -> Option<&str> {
    text.split(|letter: char| !letter.is_ascii_digit()).find(|digits| is_account(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_cut_into_its_parts() {
        let arn = Arn::parse("arn:aws-cn:iam::111122223333:role/team/deploy").expect("an ARN");
        assert_eq!((arn.partition, arn.account, arn.name()), ("aws-cn", "111122223333", "deploy"));
        assert_eq!(Arn::parse("arn:aws:s3:::shop/a:b").map(|arn| arn.resource), Some("shop/a:b"));
        assert!(Arn::parse("arn:aws:iam").is_none() && Arn::parse("111122223333").is_none());
        assert_eq!(account_in("out/tags-111122223333.json"), Some("111122223333"));
        assert_eq!(account_in("tags-1111222233334.json"), None);
    }
}
