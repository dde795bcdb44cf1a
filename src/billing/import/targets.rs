//! Which products of a price list are which meters of a book.

use crate::billing::charge::Architecture::{self, Arm64, X86_64};

/// A book that can be made from a price list.
pub struct Target {
    /// The book whose meters are meant.
    pub book: &'static str,
    /// The service in the provider's list.
    pub service: &'static str,
    /// Its products.
    pub products: &'static [Product],
}

/// A product of a price list.
pub struct Product {
    /// What it is called; in AWS lists the usage type without region, in Azure lists product and meter.
    pub name: &'static str,
    /// What is done with it; empty means anything.
    pub operation: &'static str,
    /// The meter of the book.
    pub meter: &'static str,
    /// The processor; `None` means all.
    pub architecture: Option<Architecture>,
    /// How the list may call the unit of the meter.
    pub units: &'static [&'static str],
}

const fn product(
    name: &'static str,
    meter: &'static str,
    architecture: Option<Architecture>,
    units: &'static [&'static str],
) -> Product {
    Product { name, operation: "", meter, architecture, units }
}

const fn operated(
    name: &'static str,
    operation: &'static str,
    meter: &'static str,
    units: &'static [&'static str],
) -> Product {
    Product { name, operation, meter, architecture: None, units }
}

const REQUESTS: &[&str] = &["Request", "Requests"];
const GB_SECONDS: &[&str] = &["Lambda-GB-Second", "GB-Second", "GB-Seconds", "Second", "Seconds"];
const HOURS: &[&str] = &["hours", "Hours", "Hrs"];
const LCU_HOURS: &[&str] = &["LCU-Hrs"];
const APPLICATION: &str = "LoadBalancing:Application";
const NETWORK: &str = "LoadBalancing:Network";

/// Everything that can be imported. Selectors as in the offer files of August 2026, the Azure Retail Prices API and the
/// Cloud Billing Catalog of the same year.
pub const TARGETS: &[Target] = &[
    Target {
        book: "aws-lambda",
        service: "AWSLambda",
        products: &[
            product("Request", "request", Some(X86_64), REQUESTS),
            product("Request-ARM", "request", Some(Arm64), REQUESTS),
            product("Lambda-GB-Second", "duration", Some(X86_64), GB_SECONDS),
            product("Lambda-GB-Second-ARM", "duration", Some(Arm64), GB_SECONDS),
            product("Lambda-Provisioned-Concurrency", "provisioned_concurrency", Some(X86_64), GB_SECONDS),
            product("Lambda-Provisioned-Concurrency-ARM", "provisioned_concurrency", Some(Arm64), GB_SECONDS),
            product("Lambda-Provisioned-GB-Second", "provisioned_duration", Some(X86_64), GB_SECONDS),
            product("Lambda-Provisioned-GB-Second-ARM", "provisioned_duration", Some(Arm64), GB_SECONDS),
            product("Lambda-Storage-GB-Second", "ephemeral_storage", Some(X86_64), GB_SECONDS),
            product("Lambda-Storage-GB-Second-ARM", "ephemeral_storage", Some(Arm64), GB_SECONDS),
        ],
    },
    Target {
        book: "aws-fargate",
        service: "AmazonECS",
        products: &[
            product("Fargate-vCPU-Hours:perCPU", "vcpu", Some(X86_64), HOURS),
            product("Fargate-GB-Hours", "memory", Some(X86_64), HOURS),
            product("Fargate-ARM-vCPU-Hours:perCPU", "vcpu", Some(Arm64), HOURS),
            product("Fargate-ARM-GB-Hours", "memory", Some(Arm64), HOURS),
            product("Fargate-EphemeralStorage-GB-Hours", "ephemeral_storage", None, &["GB-Hours"]),
        ],
    },
    Target {
        book: "aws-api-gateway-http",
        service: "AmazonApiGateway",
        products: &[product("ApiGatewayHttpRequest", "request", None, REQUESTS)],
    },
    Target {
        book: "aws-api-gateway-rest",
        service: "AmazonApiGateway",
        products: &[
            product("ApiGatewayRequest", "request", None, REQUESTS),
            product("ApiGatewayCacheUsage:1.55GB", "cache_1.6gb", None, HOURS),
        ],
    },
    Target {
        book: "aws-api-gateway-websocket",
        service: "AmazonApiGateway",
        products: &[
            product("ApiGatewayMessage", "message", None, &["Messages"]),
            product("ApiGatewayMinute", "connection", None, &["minutes"]),
        ],
    },
    Target {
        book: "aws-load-balancer",
        service: "AWSELB",
        products: &[
            operated("LoadBalancerUsage", APPLICATION, "alb", HOURS),
            operated("LCUUsage", APPLICATION, "alb_lcu", LCU_HOURS),
            operated("LoadBalancerUsage", NETWORK, "nlb", HOURS),
            operated("LCUUsage", NETWORK, "nlb_lcu", LCU_HOURS),
        ],
    },
    Target {
        book: "aws-sqs",
        service: "AWSQueueService",
        products: &[
            product("Requests-Tier1", "standard_request", None, REQUESTS),
            product("Requests-FIFO-Tier1", "fifo_request", None, REQUESTS),
        ],
    },
    Target {
        book: "azure-functions",
        service: "Functions",
        products: &[
            product("Functions/Standard Execution Time", "duration", None, &["GB Second"]),
            product("Functions/Standard Total Executions", "request", None, &[""]),
        ],
    },
    Target {
        book: "azure-functions-flex",
        service: "Functions",
        products: &[
            product("Flex Consumption/On Demand Execution Time", "duration", None, &["GB Second"]),
            product("Flex Consumption/On Demand Total Executions", "request", None, &[""]),
            product("Flex Consumption/Always Ready Baseline", "always_ready", None, &["GB Second"]),
            product("Flex Consumption/Always Ready Execution Time", "always_ready_duration", None, &["GB Second"]),
            product("Flex Consumption/Always Ready Total Executions", "always_ready_request", None, &[""]),
        ],
    },
    Target {
        book: "azure-functions-premium",
        service: "Functions",
        products: &[
            product("Premium Functions/Premium vCPU Duration", "vcpu", None, &["Hour"]),
            product("Premium Functions/Premium Memory Duration", "memory", None, &["GiB Hour"]),
        ],
    },
    Target {
        book: "azure-container-apps",
        service: "Azure Container Apps",
        products: &[
            product("Azure Container Apps/Standard vCPU Active Usage", "vcpu", None, &["Second"]),
            product("Azure Container Apps/Standard Memory Active Usage", "memory", None, &["GiB Second"]),
            product("Azure Container Apps/Standard Requests", "request", None, &[""]),
        ],
    },
    Target {
        book: "gcp-cloud-run",
        service: "Cloud Run",
        products: &[
            product("Services CPU (Request-based billing)", "vcpu", None, &["s"]),
            product("Services CPU Tier 2 (Request-based billing)", "vcpu", None, &["s"]),
            product("Services Memory (Request-based billing)", "memory", None, &["GiBy.s"]),
            product("Services Memory Tier 2 (Request-based billing)", "memory", None, &["GiBy.s"]),
            product("Services Min Instance CPU (Request-based billing)", "idle_vcpu", None, &["s"]),
            product("Services Min Instance CPU Tier 2 (Request-based billing)", "idle_vcpu", None, &["s"]),
            product("Services Min Instance Memory (Request-based billing)", "idle_memory", None, &["GiBy.s"]),
            product("Services Min Instance Memory Tier 2 (Request-based billing)", "idle_memory", None, &["GiBy.s"]),
            product("Requests", "request", None, &["count"]),
        ],
    },
    Target {
        book: "gcp-cloud-run-instances",
        service: "Cloud Run",
        products: &[
            product("Services CPU (Instance-based billing)", "vcpu", None, &["s"]),
            product("Services Memory (Instance-based billing)", "memory", None, &["GiBy.s"]),
        ],
    },
    Target {
        book: "gcp-cloud-run-jobs",
        service: "Cloud Run",
        products: &[product("Jobs CPU", "vcpu", None, &["s"]), product("Jobs Memory", "memory", None, &["GiBy.s"])],
    },
    Target {
        book: "gcp-cloud-functions",
        service: "Cloud Run Functions",
        products: &[
            product("Cloud Run Functions (1st Gen) Invocations", "request", None, &["count"]),
            product("Cloud Run functions (1st Gen) CPU (Request-based billing)", "cpu", None, &["GHz.s"]),
            product("Cloud Run functions (1st Gen) Memory (Request-based billing)", "memory", None, &["GiBy.s"]),
            product(
                "Cloud Run functions (1st Gen) Min-Instance CPU (Request-based billing)",
                "idle_cpu",
                None,
                &["GHz.s"],
            ),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::Book;

    #[test]
    fn every_product_is_a_meter_of_a_book() {
        for target in TARGETS {
            let book = Book::embedded(target.book).unwrap();
            for product in target.products {
                assert!(book.charge(product.meter).is_some(), "{}: {}", target.book, product.meter);
            }
        }
    }
}
