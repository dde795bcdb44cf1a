//! What a price book needs to know of the functions, asked before the run.

use super::file::File;
use super::problem::Problem;
use super::resolve::settings;
use crate::billing::measure::Measure;
use crate::billing::{FunctionUsage, InvoiceError, Tariff};
use crate::platform::Platform;
use crate::workload::Workload;

/// The sizes of each function that bills depend on.
pub fn sizes(file: &File, workload: &Workload) -> Vec<FunctionUsage> {
    let law = file.platform.cpu.clone().unwrap_or_default();
    let functions = workload.functions.iter().zip(settings(file));
    let sizes = functions.map(|(function, settings)| FunctionUsage {
        memory: function.memory,
        ephemeral_storage: settings.ephemeral_storage.unwrap_or_default(),
        // Without a law and a word of the user nobody knows.
        cpu: thousandths(settings.vcpu.or(law.vcpu(function.memory))),
        architecture: settings.architecture,
        ..FunctionUsage::default()
    });
    sizes.collect()
}

/// vCPUs as usage has them; zero if nobody knows.
pub fn thousandths(vcpu: Option<f64>) -> u64 {
    vcpu.map_or(0, |vcpu| (vcpu * 1000.0).round() as u64)
}

/// Checks that the tariff can bill whatever the functions may use. `ahead`: a policy provisions instances.
///
/// # Errors
/// The keys at which something is missing or wrong, and what to do.
pub fn check(
    file: &File,
    tariff: &Tariff,
    workload: &Workload,
    platform: &Platform,
    sizes: &[FunctionUsage],
    ahead: bool,
) -> Result<(), (Vec<String>, Problem)> {
    let Some(book) = tariff.book() else { return Ok(()) };
    if !tariff.bills_functions() {
        let problem = Problem::new(format!("the price book \"{}\" does not bill functions", book.name));
        let help = "`coldcast prices` lists the books; `coldcast bill` bills what is no function";
        return Err((keys(["pricing", "book"]), problem.help(help)));
    }
    for (index, (function, sizes)) in workload.functions.iter().zip(sizes).enumerate() {
        let provisioned = platform.deployments[index].provisioned > 0;
        let Err(error) = tariff.check(&anything(sizes, provisioned || ahead)) else { continue };
        let mut problem = Problem::new(format!("function `{}` cannot be billed: {error}", function.name));
        let (key, help) = match &error {
            InvoiceError::NotCounted { measure: Measure::Cpu, .. } => {
                let title = format!(
                    "the price book \"{}\" bills vCPUs, and function `{}` does not say how many it has",
                    book.name, function.name
                );
                problem = Problem::new(title);
                (
                    "vcpu",
                    Some(
                        "add `vcpu = 1`, or as many cores as an instance of it has; [defaults] holds for all functions",
                    ),
                )
            }
            InvoiceError::NotCounted { measure: Measure::Clock, .. } => {
                ("memory", Some("choose a size of memory that the platform has"))
            }
            InvoiceError::NoMeter { .. } if provisioned => ("provisioned", None),
            InvoiceError::NoMeter { .. } => return Err((keys(["policy", "prewarm"]), problem)),
            InvoiceError::NoPrice { .. } if sizes.architecture.is_some() => ("architecture", None),
            _ => return Err((keys(["pricing", "region"]), problem)),
        };
        let place =
            if index < file.function.len() { vec!["function".into(), index.to_string()] } else { keys(["defaults"]) };
        let problem = help.into_iter().fold(problem, Problem::help);
        return Err(([place, keys([key])].concat(), problem));
    }
    Ok(())
}

/// Some of everything that a function with these sizes may use.
fn anything(sizes: &FunctionUsage, provisioned: bool) -> FunctionUsage {
    let on_provisioned = u64::from(provisioned);
    FunctionUsage {
        requests: 1,
        billed: 1,
        provisioned_requests: on_provisioned,
        provisioned_billed: u128::from(on_provisioned),
        provisioned_time: 2 * u128::from(on_provisioned),
        lifetime: Some(1),
        cpu_time: Some(1),
        ..*sizes
    }
}

fn keys<const N: usize>(keys: [&str; N]) -> Vec<String> {
    keys.map(str::to_owned).to_vec()
}
