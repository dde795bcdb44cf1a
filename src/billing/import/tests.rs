//! Price lists that are imported, and lists that are refused. The lists are made up; their shapes are those of 2026.

use super::{Imported, import};
use crate::billing::book::Selection;
use crate::billing::book_file;
use crate::billing::{FunctionUsage, Tariff, Usage};

const CSV_HEAD: &str = "\"FormatVersion\",\"v1.0\"\n\"Disclaimer\",\"a, b\"\n\"Publication Date\",\"2026-08-31T09:23:18Z\"\n\
    \"Version\",\"20260831\"\n\"OfferCode\",\"AWSLambda\"\n\
    \"SKU\",\"TermType\",\"StartingRange\",\"EndingRange\",\"Unit\",\"PricePerUnit\",\"Currency\",\"serviceCode\",\"Location Type\",\
    \"usageType\",\"operation\",\"Region Code\"\n";

/// A row of the CSV: SKU, start, unit, price, usage type; the rest is right.
fn row(sku: &str, from: &str, unit: &str, price: &str, usage: &str) -> String {
    format!(
        "\"{sku}\",\"OnDemand\",\"{from}\",\"Inf\",\"{unit}\",\"{price}\",\"USD\",\"AWSLambda\",\"AWS Region\",\"{usage}\",\"\",\"eu-west-2\"\n"
    )
}

fn csv() -> String {
    [
        CSV_HEAD.to_owned(),
        row("F", "0", "Lambda-GB-Second", "0.0000000000", "Global-Lambda-GB-Second"),
        row("A", "10", "Lambda-GB-Second", "0.0000100000", "EUW2-Lambda-GB-Second"),
        row("A", "0", "Lambda-GB-Second", "0.0000200000", "EUW2-Lambda-GB-Second"),
        row("B", "0", "Requests", "0.0000003000", "EUW2-Request"),
        row("C", "0", "Requests", "0.0000006000", "EUW2-Lambda-Edge-Request"),
        row("D", "0", "Request", "0.1", "EUW2-Request-ARM").replace("OnDemand", "Reserved"),
    ]
    .concat()
}

fn refused(list: &str, book: Option<&str>) -> String {
    import(list, book, None).unwrap_err().to_string()
}

#[test]
fn an_aws_file_in_csv_becomes_a_book_and_every_row_is_accounted_for() {
    let Imported { text, report } = import(&csv(), None, None).unwrap();
    assert_eq!(report.matched, 3);
    let ignored: Vec<_> = report.ignored.into_iter().collect();
    assert_eq!(ignored, [("free units, which the book has", 1), ("not a meter of the book", 1), ("not on demand", 1)]);
    assert!(report.missing.contains(&"duration on arm64 in eu-west-2".to_owned()), "{:?}", report.missing);
    let book = book_file::parse("b.toml", &text).unwrap();
    assert_eq!((book.as_of.to_string().as_str(), book.default_region.as_deref()), ("2026-08-31", Some("eu-west-2")));
    let tariff = Tariff::of(&book, &Selection { free_tier: false, ..Selection::default() }).unwrap();
    let usage = FunctionUsage {
        memory: "1 GiB".parse().unwrap(),
        requests: 10,
        billed: 12_000_000_000,
        ..FunctionUsage::default()
    };
    let total = tariff.invoice(&Usage::month(vec![usage])).unwrap().total;
    assert_eq!(total.to_string(), "0.000223 USD", "10 x 0.00002 + 2 x 0.00001 + 10 x 0.0000003");
}

#[test]
fn an_aws_file_in_json_says_the_same() {
    let dimension = |from: &str, unit: &str, price: &str| {
        format!(r#"{{"beginRange":"{from}","endRange":"Inf","unit":"{unit}","pricePerUnit":{{"USD":"{price}"}}}}"#)
    };
    let product = |usage: &str| {
        let attributes = r#""locationType":"AWS Region","regionCode":"eu-west-2","operation":"""#;
        format!(r#"{{"attributes":{{"usagetype":"{usage}",{attributes}}}}}"#)
    };
    let term = |dimensions: &str| format!(r#"{{"x":{{"priceDimensions":{{{dimensions}}}}}}}"#);
    let tiers = format!(
        r#""1":{},"2":{}"#,
        dimension("0", "Lambda-GB-Second", "0.0000200000"),
        dimension("10", "Lambda-GB-Second", "0.0000100000")
    );
    let requests = format!(r#""1":{}"#, dimension("0", "Requests", "0.0000003000"));
    let json = format!(
        r#"{{"offerCode":"AWSLambda","version":"20260831","publicationDate":"2026-08-31T09:23:18Z",
        "products":{{"A":{},"B":{}}},"terms":{{"OnDemand":{{"A":{},"B":{}}}}}}}"#,
        product("EUW2-Lambda-GB-Second"),
        product("EUW2-Request"),
        term(&tiers),
        term(&requests)
    );
    let prices = |text: &str| text.split_once("\nname").map(|(_, book)| book.to_owned());
    let from_csv = import(&csv(), None, None).unwrap();
    assert_eq!(prices(&import(&json, None, None).unwrap().text), prices(&from_csv.text));
}

#[test]
fn an_azure_answer_counts_in_units_of_ten_and_has_free_tiers() {
    let item = |meter: &str, unit: &str, from: &str, price: &str| {
        format!(
            r#"{{"currencyCode":"USD","tierMinimumUnits":{from},"retailPrice":{price},"armRegionName":"uksouth",
            "effectiveStartDate":"2017-01-01T00:00:00Z","meterId":"{meter}","meterName":"{meter}","productName":"Functions",
            "serviceName":"Functions","unitOfMeasure":"{unit}","type":"Consumption","isPrimaryMeterRegion":false}}"#
        )
    };
    let items = [
        item("Standard Execution Time", "1 GB Second", "0.0", "0.0"),
        item("Standard Execution Time", "1 GB Second", "400000.0", "1.6e-05"),
        item("Standard Total Executions", "10", "0.0", "0.0"),
        item("Standard Total Executions", "10", "100000.0", "2e-06"),
        item("Premium vCPU Duration", "1 Hour", "0.0", "0.173"),
    ];
    let json = format!(r#"{{"BillingCurrency":"USD","Items":[{}]}}"#, items.join(","));
    assert!(refused(&json, None).contains("say --book: azure-functions, azure-functions-flex"));
    let Imported { text, report } = import(&json, Some("azure-functions"), None).unwrap();
    assert_eq!((report.matched, report.free.len()), (4, 0));
    let book = book_file::parse("b.toml", &text).unwrap();
    let mut prices: Vec<_> =
        book.regions["uksouth"].values().map(|schedule| schedule.tiers()[0].price.to_string()).collect();
    prices.sort();
    assert_eq!(prices, ["0.0000002 USD", "0.000016 USD"]);
}

#[test]
fn a_google_answer_has_billionths_and_a_price_for_several_regions() {
    let sku = |description: &str, unit: &str, regions: &str, free: u32, nanos: u32| {
        format!(
            r#"{{"skuId":"S","description":"{description}","category":{{"serviceDisplayName":"Cloud Run","usageType":"OnDemand"}},
            "serviceRegions":[{regions}],"pricingInfo":[{{"effectiveTime":"2026-08-01T00:00:00Z","pricingExpression":{{
            "usageUnit":"{unit}","tieredRates":[{{"startUsageAmount":0,"unitPrice":{{"currencyCode":"USD","units":"0","nanos":0}}}},
            {{"startUsageAmount":{free},"unitPrice":{{"currencyCode":"USD","units":"0","nanos":{nanos}}}}}]}}}}]}}"#
        )
    };
    let skus = [
        sku("Services CPU (Request-based billing)", "s", r#""us-central1","europe-west1""#, 180_000, 24_000),
        sku("Services Memory (Request-based billing) in europe-west1", "GiBy.s", r#""europe-west1""#, 1_000, 2_500),
        sku("Requests", "count", r#""global""#, 2_000_000, 400),
    ];
    let json = format!(r#"{{"skus":[{}],"nextPageToken":""}}"#, skus.join(","));
    let Imported { text, report } = import(&json, Some("gcp-cloud-run"), None).unwrap();
    assert_eq!(report.free, ["1000 of memory in the list, 360000 in the book"]);
    assert!(report.missing.contains(&"memory in us-central1".to_owned()));
    let book = book_file::parse("b.toml", &text).unwrap();
    let tariff = Tariff::of(&book, &Selection::in_region("europe-west1")).unwrap();
    let price = |key: &str| tariff.price(key).unwrap().to_string();
    assert_eq!(["vcpu", "memory", "request"].map(price), ["0.000024 USD", "0.0000025 USD", "0.0000004 USD"]);
    let one = import(&json, Some("gcp-cloud-run"), Some("us-central1")).unwrap();
    assert_eq!(one.report.ignored[&"of other regions"], 4);
}

#[test]
fn what_is_not_understood_is_refused() {
    let csv = csv();
    for (list, book, reason) in [
        (
            csv.as_str(),
            Some("aws-fargate"),
            "a price list of AWSLambda, not of AmazonECS, from which aws-fargate is made",
        ),
        (&csv, Some("aws-lamda"), "cannot be imported; there is aws-lambda"),
        (&csv.replace("AWSLambda", "AmazonEC2"), None, "a price list of AmazonEC2: no book is made from it"),
        (&csv.replace("Requests", "Gallons"), None, "the unit is \"Gallons\", expected \"Request\" or \"Requests\""),
        (&csv.replace("\"0.0000200000\"", "\"-1\""), None, "9: \"-1\" is not a price"),
        (&csv.replace("PricePerUnit", "Price"), None, "6: there is no column \"PricePerUnit\""),
        (&csv.replace("\"10\"", "\"0\""), None, "has two prices from 0 on"),
        (&csv.replace("2026-08-31T09:23:18Z", "soon"), None, "\"soon\" is not a date"),
        ("{}", None, "no price list that is known"),
        ("{\"offerCode\": 3,\n", None, "2: EOF"),
        ("{\"skus\":[]}", None, "the list has no prices"),
    ] {
        let message = refused(list, book);
        assert!(message.contains(reason), "{message}");
    }
}
