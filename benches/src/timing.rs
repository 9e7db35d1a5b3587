//! [`Timing`]: runs a work item a few times and prints one line of JSON about it, as every peer of `benches/peers/` does.

use serde_json::json;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{env, fs, hint, io};

/// What the command line of a peer says: `FOLDER REPEATS SECONDS ITEM…`.
#[derive(Debug)]
pub struct Timing {
    /// Where the arrays lie.
    pub folder: PathBuf,
    /// The items to run, in order.
    pub items: Vec<String>,
    repeats: usize,
    limit: Duration,
}

impl Timing {
    /// Reads the command line.
    ///
    /// # Errors
    /// A command line of another form.
    pub fn of_arguments() -> io::Result<Timing> {
        let usage = || io::Error::other("usage: FOLDER REPEATS SECONDS ITEM…");
        let mut arguments = env::args().skip(1);
        let mut next = || arguments.next().ok_or_else(usage);
        let folder = next()?.into();
        let repeats = next()?.parse().map_err(|_| usage())?;
        let limit = Duration::from_secs(next()?.parse().map_err(|_| usage())?);
        Ok(Timing { folder, repeats, limit, items: arguments.collect() })
    }

    /// How long an item may run.
    pub fn limit(&self) -> Duration {
        self.limit
    }

    /// Runs an item until it ran often or long enough, and prints how long each run took, the answer's checksum, and by how much memory grew at most in the
    /// first run. Checking and dropping an answer is not part of a run.
    ///
    /// # Errors
    /// What the system does not tell of this process.
    pub fn measure<T>(&self, item: &str, mut run: impl FnMut() -> T, check: impl Fn(&T) -> Vec<u64>) -> io::Result<()> {
        println!("{}", json!({ "begins": item }));
        io::stdout().flush()?;
        let (mut walls, mut processors, mut answers) = (Vec::new(), Vec::new(), Vec::new());
        let before = forget_peak()?;
        let mut grown = None;
        let began = Instant::now();
        while walls.len() < self.repeats && (walls.is_empty() || began.elapsed() < self.limit) {
            let (wall, processor) = (Instant::now(), processor_seconds()?);
            let answer = hint::black_box(run());
            walls.push(wall.elapsed().as_secs_f64());
            processors.push(processor_seconds()? - processor);
            grown = grown.or(Some(status("VmHWM:")? - before));
            answers.push(check(&answer));
        }
        let same = answers.windows(2).all(|pair| pair[0] == pair[1]);
        let checksum = if same { answers.pop() } else { None };
        println!("{}", json!({ "item": item, "seconds": walls, "processor": processors, "checksum": checksum, "grown": grown }));
        io::stdout().flush()
    }
}

/// The seconds that this thread ran, whoever else wanted the processor meanwhile.
fn processor_seconds() -> io::Result<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split(' ').next().and_then(|text| text.parse::<f64>().ok());
    nanoseconds.map(|nanoseconds| nanoseconds / 1e9).ok_or_else(|| io::Error::other("the system keeps no account of threads"))
}

/// Forgets the peak of memory so far, and gives what is in use.
fn forget_peak() -> io::Result<i64> {
    fs::write("/proc/self/clear_refs", "5")?;
    status("VmRSS:")
}

/// A line of the account of this process, in bytes.
fn status(line: &str) -> io::Result<i64> {
    let text = fs::read_to_string("/proc/self/status")?;
    let kibibytes = text.lines().find_map(|it| it.strip_prefix(line)?.trim().strip_suffix(" kB")?.parse::<i64>().ok());
    kibibytes.map(|kibibytes| kibibytes * 1024).ok_or_else(|| io::Error::other("the system keeps no account of memory"))
}
