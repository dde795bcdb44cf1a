//! Whether what functions reserve or provision leaves the account enough.

use super::file::File;
use super::function::Defaults;
use super::problem::Problem;
use crate::id::FunctionId;
use crate::platform::Platform;
use crate::workload::Workload;

/// Checks that each function provisions within what it reserves, and that the least that stays unreserved does.
///
/// # Errors
/// The keys of the first function that asks for too much, and how much there is.
pub fn check(file: &File, workload: &Workload, platform: &Platform) -> Result<(), (Vec<String>, Problem)> {
    let limits = &platform.limits;
    let Some(least) = limits.least_unreserved else { return Ok(()) };
    let Some(account) = limits.account_concurrency else {
        let problem = Problem::new("`least_unreserved` says nothing without an `account_concurrency`");
        let help = "add `limits.account_concurrency` to [platform]: from that, functions reserve theirs";
        return Err((["platform", "limits", "least_unreserved"].map(str::to_owned).to_vec(), problem.help(help)));
    };
    let most = u64::from(account.saturating_sub(least));
    let mut claimed = 0;
    for function in workload.function_ids() {
        let name = &workload.functions[function.index()].name;
        let provisioned = platform.deployments[function.index()].provisioned;
        let reserved = platform.reserved(function);
        if let Some(reserved) = reserved.filter(|reserved| provisioned > *reserved) {
            let title = format!("function `{name}` provisions {provisioned} instances, but reserves {reserved}");
            let problem = Problem::new(title).label(format!("expected {reserved} or less"));
            return Err((place(file, function, "provisioned"), problem));
        }
        let left = most.saturating_sub(claimed);
        claimed += platform.claimed(function);
        if platform.claimed(function) > left {
            let (key, claims) =
                if reserved.is_some() { ("concurrency_limit", "reserves") } else { ("provisioned", "provisions") };
            let title = format!(
                "function `{name}` {claims} {}, and {left} are left: of the account's {account}, {least} stay unreserved",
                platform.claimed(function)
            );
            let help = "the concurrency of the account is `platform.limits.account_concurrency`";
            let problem = Problem::new(title).label(format!("expected {left} or less")).help(help);
            return Err((place(file, function, key), problem));
        }
    }
    Ok(())
}

/// Where the scenario gives a function this key: with the function itself, or in `[defaults]`.
fn place(file: &File, function: FunctionId, key: &str) -> Vec<String> {
    let says = |settings: &Defaults| match key {
        "provisioned" => settings.provisioned.is_some(),
        _ => settings.concurrency_limit.is_some(),
    };
    let own = file.function.get(function.index()).is_some_and(|function| says(&function.settings()));
    let place =
        if own { vec!["function".to_owned(), function.index().to_string()] } else { vec!["defaults".to_owned()] };
    [place, vec![key.to_owned()]].concat()
}
