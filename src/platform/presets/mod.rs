//! Measured and documented values of real platforms, as TOML: every value stands beside its source.

/// A partial scenario with the values of one platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// As scenario files call it: `platform.preset = "aws-lambda"`.
    pub name: &'static str,
    /// What it stands for.
    pub summary: &'static str,
    /// Its `[platform]` and `[policy]`, and `[defaults]` of its functions.
    pub text: &'static str,
}

/// The platforms.
pub const PLATFORMS: [Preset; 7] = [
    Preset {
        name: "aws-lambda",
        summary: "AWS Lambda: an instance for each request in flight, measured keep-alive and cold starts.",
        text: include_str!("aws-lambda.toml"),
    },
    Preset {
        name: "azure-functions",
        summary: "Azure Functions, Consumption plan: instances are shared by the functions of an app.",
        text: include_str!("azure-functions.toml"),
    },
    Preset {
        name: "azure-functions-flex",
        summary: "Azure Functions, Flex Consumption plan: each function scales by itself, 16 executions per instance.",
        text: include_str!("azure-functions-flex.toml"),
    },
    Preset {
        name: "google-cloud-functions",
        summary: "Google Cloud Run functions with one request per instance.",
        text: include_str!("google-cloud-functions.toml"),
    },
    Preset {
        name: "google-cloud-run",
        summary: "Google Cloud Run services: 80 requests per instance, 1 vCPU, 512 MiB.",
        text: include_str!("google-cloud-run.toml"),
    },
    Preset {
        name: "cloudflare-workers",
        summary: "Cloudflare Workers: isolates that start in milliseconds and run many requests.",
        text: include_str!("cloudflare-workers.toml"),
    },
    Preset {
        name: "ideal",
        summary: "No cold-start time, no limits, instances stay for ever: the bound.",
        text: include_str!("ideal.toml"),
    },
];

/// Initialisation times of language runtimes, `name = { median = "...", p99 = "..." }`: the values of a log-normal distribution.
pub const RUNTIMES: &str = include_str!("runtimes.toml");

#[cfg(test)]
mod tests;
