//! A site that is not ours, with one page.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    thread,
};

/// Serves this page to everybody who asks, under a host name that is not the server's.
pub(crate) fn serve(page: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            while lines.next().is_some_and(|line| !line.is_empty()) {}
            let length = page.len();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close";
            // A browser that hangs up early has what it wanted.
            drop(write!(&stream, "{head}\r\nContent-Length: {length}\r\n\r\n{page}"));
        }
    });
    format!("http://localhost:{port}/")
}
