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
    http::{HeaderMap, header},
};
use hyper::body::{Frame, SizeHint};

/// Knows of one request's body, if it has one, whether something of it is unread.
pub(super) struct Unread(Option<Arc<AtomicBool>>);

impl Unread {
    /// Watches a request's body from now on, if one was announced.
    pub(super) fn watch(request: Request) -> (Self, Request) {
        if !is_announced(request.headers()) {
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

/// Whether a request has a body; without one there is nothing to be left of.
fn is_announced(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH);
    headers.contains_key(header::TRANSFER_ENCODING) || length.is_some_and(|length| length != "0")
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
