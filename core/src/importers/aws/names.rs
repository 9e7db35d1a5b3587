//! [`Arn`]: an Amazon Resource Name, and the ids that this reader makes of accounts.

use super::iam::principal::is_account;

/// An Amazon Resource Name, cut into its parts. Source: IAM user guide, "Amazon Resource Names (ARNs)".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arn<'a> {
    pub partition: &'a str,
    pub service: &'a str,
    /// Empty where the service is in none or the ARN does not say.
    pub region: &'a str,
    pub account: &'a str,
    /// What stands behind the account.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Cuts an ARN; `None` where the text is none.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let (arn, partition, service, region, account, resource) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        (arn == "arn" && !service.is_empty() && !resource.is_empty()).then_some(Arn { partition, service, region, account, resource })
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

/// The last account, unit or root that the name of a file or folder names: `tags-111122223333.json`, `parents/ou-ab12-cdefgh34.json`.
pub(super) fn member_in(text: &str) -> Option<&str> {
    let words = text.rsplit(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'));
    words
        .flat_map(|word| {
            let unit = ["ou-", "r-"].into_iter().find_map(|mark| starting_at(word, mark));
            unit.or_else(|| word.rsplit('-').find(|part| is_account(part)))
        })
        .next()
}

/// The policy of Organizations that the name of a file or folder names: `targets-p-examplepolicyid.json`.
pub(super) fn control_policy_in(text: &str) -> Option<&str> {
    let mut words = text.rsplit(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'));
    words.find_map(|word| starting_at(word, "p-")).filter(|id| id.len() > 10)
}

/// The id in a word that begins with a mark: at the word's beginning or behind a hyphen.
fn starting_at<'a>(word: &'a str, mark: &str) -> Option<&'a str> {
    if word.starts_with(mark) {
        return Some(word);
    }
    let behind = format!("-{mark}");
    word.find(&behind).map(|at| &word[at + 1..])
}

/// The account in the name of a file or folder.
pub(super) fn account_in(text: &str) -> Option<&str> {
    text.rsplit(|letter: char| !letter.is_ascii_digit()).find(|digits| is_account(digits))
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

    #[test]
    fn names_of_files_may_tell_of_whom_an_output_is() {
        assert_eq!(member_in("out/tags-111122223333.json"), Some("111122223333"));
        assert_eq!(member_in("parents/ou-ab12-cdefgh34.json"), Some("ou-ab12-cdefgh34"));
        assert_eq!(member_in("policies-for-r-ab12.json"), Some("r-ab12"));
        assert_eq!(member_in("out/parents.json"), None);
        assert_eq!(control_policy_in("targets-p-examplepolicyid111.json"), Some("p-examplepolicyid111"));
        assert_eq!(control_policy_in("p-FullAWSAccess/targets.json"), Some("p-FullAWSAccess"));
        assert_eq!(control_policy_in("scp-targets.json"), None);
    }
}
