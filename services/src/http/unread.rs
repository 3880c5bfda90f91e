//! Was a request's body read to its end? What is left of it stands before the next request on the
//! connection, which therefore ends: the caller is told.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
};
use hyper::body::{Frame, SizeHint};

/// Knows of one request's body, if it has one, whether something of it is unread.
pub(super) struct Unread(Option<Arc<AtomicBool>>);

impl Unread {
    /// Watches a request's body from now on.
    pub(super) fn watch(request: Request) -> (Self, Request) {
        if request.body().is_end_stream() {
            return (Self(None), request);
        }
        let unread = Arc::new(AtomicBool::new(true));
        let known = Self(Some(Arc::clone(&unread)));
        (known, request.map(|body| Body::new(Watched { body, unread })))
    }

    /// Whether something is left.
    pub(super) fn is_left(&self) -> bool {
        self.0.as_ref().is_some_and(|unread| unread.load(Ordering::Relaxed))
    }
}

/// A body that tells when its end was reached.
struct Watched {
    body: Body,
    unread: Arc<AtomicBool>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if matches!(polled, Poll::Ready(None)) || self.body.is_end_stream() {
            self.unread.store(false, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
