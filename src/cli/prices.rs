//! `coldcast prices`: price books.

mod compare;
mod import;
mod show;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::billing::Book;
use crate::billing::embedded::EMBEDDED;
use crate::billing::provenance;
use crate::cli::{Failure, list as lines};

/// List, show, compare, check and import price books.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Prices {
    #[command(subcommand)]
    command: Option<Command>,
    /// Show this book; without it all are listed.
    book: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the books of the program.
    List,
    /// Show the meters, prices, free units and rounding rules of a book.
    Show(show::Show),
    /// Compare books: the same usage on several of them, or the price of a meter.
    Compare(Box<compare::Compare>),
    /// Say whether a book of your own is right.
    Check {
        /// The book.
        file: PathBuf,
    },
    /// Make a book from a price list that was downloaded from a provider.
    Import(import::Import),
    /// Print where each price was read, as Markdown.
    #[command(hide = true)]
    Provenance,
}

impl Prices {
    /// Does it, and writes what it finds to `out`.
    ///
    /// # Errors
    /// What is wrong with a book, or a name.
    pub fn run(&self, out: &mut dyn Write) -> Result<(), Failure> {
        if let Some(book) = &self.book {
            return show::Show::of(book).run(out);
        }
        match self.command.as_ref().unwrap_or(&Command::List) {
            Command::List => list(out),
            Command::Show(show) => show.run(out),
            Command::Compare(compare) => compare.run(out),
            Command::Check { file } => check(file, out),
            Command::Import(import) => import.run(out),
            Command::Provenance => Ok(write!(out, "{}", provenance::table(&books()?))?),
        }
    }
}

/// All books of the program.
///
/// # Errors
/// Never, as the tests of the books say.
fn books() -> Result<Vec<Book>, Failure> {
    let books = EMBEDDED.iter().map(|(name, _)| Book::embedded(name));
    books.collect::<Result<_, _>>().map_err(|error| Failure::Input(error.to_string()))
}

fn list(out: &mut dyn Write) -> Result<(), Failure> {
    let books = books()?;
    let width = books.iter().map(|book| book.name.len()).max().unwrap_or(0);
    for book in books {
        lines::entry(out, &format!("{:width$}  {}  ", book.name, book.as_of), &book.service)?;
    }
    writeln!(out)?;
    let note = "The date is that of the youngest price. `coldcast prices show BOOK` has all of them.";
    Ok(lines::entry(out, "", note)?)
}

fn check(file: &std::path::Path, out: &mut dyn Write) -> Result<(), Failure> {
    let book = Book::read(file).map_err(|error| Failure::Input(error.to_string()))?;
    let prices = book.everywhere.len() + book.regions.values().map(|prices| prices.len()).sum::<usize>();
    let (name, meters) = (&book.name, book.charges.len());
    Ok(writeln!(out, "{name} is right: {meters} meters, {prices} prices, {} regions", book.regions.len())?)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::cli::{Cli, Failure};

    /// What the program prints.
    fn coldcast(arguments: &[&str]) -> String {
        let mut out = Vec::new();
        let cli = Cli::try_parse_from(["coldcast"].iter().chain(arguments)).unwrap();
        let result: Result<(), Failure> = cli.command.run(&crate::policy::catalog::Catalog::default(), &mut out);
        result.unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn books_are_listed_and_shown() {
        let list = coldcast(&["prices"]);
        assert_eq!(list, coldcast(&["prices", "list"]));
        assert!(
            list.contains("aws-lambda ") && list.contains("2026-09-06") && list.contains("Google Cloud Run"),
            "{list}"
        );
        let book = coldcast(&["prices", "show", "gcp-cloud-run", "--region", "europe-west1"]);
        for part in
            ["steps of 100ms, with init", "vcpu cud", "0.00001992", "tier-1:", "as a discount of 0.000024 USD each"]
        {
            assert!(book.contains(part), "{part} is missing in:\n{book}");
        }
        assert!(!book.contains("tier-2:"), "{book}");
        assert_eq!(coldcast(&["prices", "aws-sqs"]), coldcast(&["prices", "show", "aws-sqs"]));
        assert!(coldcast(&["prices", "show", "aws-lambda", "--toml"]).starts_with("# AWS Lambda."));
        assert!(coldcast(&["prices", "show", "aws-lambda"]).contains("unknown above 6000000000"));
    }

    #[test]
    fn the_same_usage_is_compared_from_the_cheapest_on() {
        let usage = ["--requests", "10_000_000", "--duration", "200ms", "--memory", "512MB", "--cpu", "1"];
        let table = coldcast(&[&["prices", "compare"][..], &usage].concat());
        let costs: Vec<f64> =
            table.lines().skip(1).filter_map(|line| line.split_whitespace().nth(1)?.parse().ok()).collect();
        assert!(costs.len() >= 10 && costs.is_sorted(), "{table}");
        assert!(table.contains("cloudflare-workers         not billed: ") && table.contains("`cpu_time`"), "{table}");
        let json = coldcast(&[&["prices", "compare", "--json", "--book", "aws-lambda"][..], &usage].concat());
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        // Of 1,000,000 GB-seconds 600,000 are paid at 0.0000166667, and of 10 million requests 9 million.
        assert_eq!(json["bills"][0]["per_month"], "11.80002 USD");
    }

    #[test]
    fn usage_that_lacks_a_figure_is_not_billed_without_it() {
        let refused = |arguments: &str| {
            let cli = Cli::try_parse_from(["coldcast"].into_iter().chain(arguments.split(' '))).unwrap();
            match cli.command.run(&crate::policy::catalog::Catalog::default(), &mut Vec::new()) {
                Err(Failure::Input(problem)) => problem,
                other => panic!("{arguments}: {other:?}"),
            }
        };
        for (arguments, told) in [
            ("bill --book aws-lambda --requests 30000000 --duration 1s", "`memory`"),
            ("bill --book aws-lambda --requests 30000000 --memory 1GB", "`duration`"),
            ("prices compare --requests 30000000 --duration 1s", "--memory"),
            ("prices compare --requests 30000000 --memory 1GB", "--duration"),
            ("bill --book azure-functions-flex --memory 2048MB --instances 1", "`--instances`"),
        ] {
            assert!(refused(arguments).contains(told), "{arguments}: {}", refused(arguments));
        }
        let kept = coldcast(&["bill", "--book", "azure-functions-flex", "--memory", "2048MB", "--provisioned", "1"]);
        assert!(kept.contains("21.02 USD"), "{kept}");
    }

    #[test]
    fn a_meter_is_compared_in_all_regions() {
        let table = coldcast(&["prices", "compare", "--meter", "request", "--book", "aws-lambda"]);
        let line = table.lines().find(|line| line.contains("af-south-1")).unwrap();
        assert!(line.contains("0.00000027 / request"), "{table}");
        assert!(!table.contains("azure"), "{table}");
    }

    #[test]
    fn an_imported_book_bills() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let head = "\"FormatVersion\",\"v1.0\"\n\"Publication Date\",\"2026-08-31T00:00:00Z\"\n\"Version\",\"1\"\n\"OfferCode\",\"AWSQueueService\"\n";
        let columns =
            "SKU,TermType,StartingRange,Unit,PricePerUnit,Currency,serviceCode,Location Type,usageType,Region Code\n";
        let row = "S,OnDemand,0,Requests,0.0000004000,USD,AWSQueueService,AWS Region,EUW2-Requests-Tier1,eu-west-2\n";
        std::fs::write(path("list.csv"), format!("{head}{columns}{row}")).unwrap();
        let report = coldcast(&["prices", "import", &path("list.csv"), "--out", &path("book.toml")]);
        assert_eq!(report, "1 rows matched, 0 ignored\nmissing: fifo_request in eu-west-2\n");
        let usage = "[[bill]]\n[[bill.service]]\nbook_file = \"book.toml\"\nmeter = \"standard_request\"\nquantity = 3_000_000\n";
        std::fs::write(path("usage.toml"), usage).unwrap();
        let bill = coldcast(&["bill", &path("usage.toml"), "--today", "2026-12-01"]);
        assert!(bill.contains("aws-sqs (eu-west-2), prices of 2026-08-31") && bill.contains("0.80 USD"), "{bill}");
        assert!(!bill.contains("Note"), "{bill}");
    }
}
