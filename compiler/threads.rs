//! The threads that work is done on: one pool, started when there is work for the first time. Depth of input is bounded everywhere, but in
//! units that need more than the usual 2 MiB of stack, so they have large ones.

use rayon::{ThreadPool, ThreadPoolBuilder};

/// Where a compiler works.
#[derive(Debug, Default)]
pub(crate) struct Threads(Option<ThreadPool>);

impl Threads {
    /// Does work on the threads, and waits for it. Where none can be started the caller's does it alone: it joins a pool for that, because without
    /// one rayon would start threads of its own and fail. It cannot leave that pool, so that a second time it is in one already.
    pub(crate) fn run<T: Send>(&mut self, work: impl FnOnce() -> T + Send) -> T {
        if self.0.is_none() {
            self.0 = ThreadPoolBuilder::new().stack_size(64 << 20).build().ok();
        }
        match &self.0 {
            Some(pool) => pool.install(work),
            None => match ThreadPoolBuilder::new().num_threads(1).use_current_thread().build() {
                Ok(alone) => alone.install(work),
                Err(_) => work(),
            },
        }
    }
}
