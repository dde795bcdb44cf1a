//! The price books that are part of the program.

/// A book of the folder `prices`.
macro_rules! book {
    ($name:literal) => {
        ($name, include_str!(concat!("../../prices/", $name, ".toml")))
    };
}

/// Name and text of each book.
pub const EMBEDDED: &[(&str, &str)] = &[
    book!("alibaba-function-compute"),
    book!("aws-api-gateway-http"),
    book!("aws-api-gateway-rest"),
    book!("aws-api-gateway-websocket"),
    book!("aws-cloudwatch"),
    book!("aws-data-transfer"),
    book!("aws-dynamodb"),
    book!("aws-ec2"),
    book!("aws-eventbridge"),
    book!("aws-fargate"),
    book!("aws-fargate-windows"),
    book!("aws-lambda"),
    book!("aws-lambda-edge"),
    book!("aws-lambda-managed-instances"),
    book!("aws-lambda-microvms"),
    book!("aws-load-balancer"),
    book!("aws-sns"),
    book!("aws-sqs"),
    book!("aws-step-functions"),
    book!("aws-step-functions-express"),
    book!("aws-vpc"),
    book!("azure-container-apps"),
    book!("azure-functions"),
    book!("azure-functions-flex"),
    book!("azure-functions-premium"),
    book!("cloudflare-containers"),
    book!("cloudflare-workers"),
    book!("gcp-cloud-functions"),
    book!("gcp-cloud-run"),
    book!("gcp-cloud-run-instances"),
    book!("gcp-cloud-run-jobs"),
    book!("gcp-cloud-run-worker-pools"),
    book!("huawei-functiongraph"),
    book!("ibm-code-engine"),
    book!("oracle-functions"),
    book!("vercel-functions"),
    book!("vercel-functions-legacy"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::Book;
    use crate::billing::plan::Schedule;

    #[test]
    fn books_are_right_and_named_after_their_files() {
        for (name, _) in EMBEDDED {
            let book = Book::embedded(name).unwrap();
            assert_eq!(book.name, *name);
            let schedules = book.everywhere.values().chain(book.regions.values().flat_map(|prices| prices.values()));
            let dates = schedules.flat_map(Schedule::tiers).filter_map(|tier| tier.evidence.as_ref());
            let youngest = dates.map(|evidence| evidence.date).max();
            assert_eq!(youngest, Some(book.as_of), "{name} is as old as its youngest price");
        }
    }

    #[test]
    fn books_are_sorted_and_none_is_left_out() {
        assert!(EMBEDDED.is_sorted_by(|a, b| a.0 < b.0));
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("prices");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let books = files.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).count();
        assert_eq!(books, EMBEDDED.len());
    }

    #[test]
    fn every_meter_has_a_price_and_a_default_region_exists() {
        for (name, _) in EMBEDDED {
            let book = Book::embedded(name).unwrap();
            let all = book.everywhere.keys().chain(book.regions.values().flat_map(|prices| prices.keys()));
            let priced: std::collections::BTreeSet<usize> = all.map(|offer| offer.charge).collect();
            for (place, charge) in book.charges.iter().enumerate() {
                assert!(priced.contains(&place), "{name}: {} has no price", charge.key);
            }
            let default = book.default_region.as_deref();
            assert!(default.is_some() || book.regions.len() < 2, "{name} needs a default region");
            book.region(default).unwrap();
        }
    }
}
