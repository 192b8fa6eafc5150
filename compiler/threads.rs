//! The threads that work is done on: one pool, started when there is work for the first time. Depth of input is bounded everywhere, but in
//! units that need more than the usual 2 MiB of stack, so they have large ones.

use rayon::{ThreadPool, ThreadPoolBuilder};

/// Where a compiler works.
#[derive(Debug, Default)]
pub(crate) enum Threads {
    /// Nothing was started.
    #[default]
    Idle,
    /// On these.
    Pool(ThreadPool),
    /// Where it is called: no thread could be started, and the caller's has joined a pool of its own alone. Without one rayon would start
    /// threads and fail; and it cannot leave it, so that it finds itself in it later too.
    Here,
}

impl Threads {
    /// Does work on the threads, and waits for it.
    pub(crate) fn run<T: Send>(&mut self, work: impl FnOnce() -> T + Send) -> T {
        if matches!(self, Self::Idle) {
            *self = match ThreadPoolBuilder::new().stack_size(64 << 20).build() {
                Ok(pool) => Self::Pool(pool),
                Err(_) => match ThreadPoolBuilder::new().num_threads(1).use_current_thread().build() {
                    Ok(pool) => Self::Pool(pool),
                    Err(_) => Self::Here,
                },
            };
        }
        match self {
            Self::Pool(pool) => pool.install(work),
            Self::Idle | Self::Here => work(),
        }
    }
}
