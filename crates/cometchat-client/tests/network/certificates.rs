//! Connections by TLS, with a CA of the test's own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cometchat_client::{Client, Error, ErrorKind, Hint, reqwest};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\nconnection: close\r\n\r\n{\"data\":[]}";

/// A server at `https://localhost`, and how many connections it saw.
struct TlsServer {
    port: u16,
    ca: reqwest::Certificate,
    connections: Arc<AtomicUsize>,
}

impl TlsServer {
    /// Starts a server with a certificate for a host name, which ends in a year.
    async fn start(name: &str, until: i32) -> Self {
        let mut authority = CertificateParams::new([]).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority =
            CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let mut server = CertificateParams::new([name.to_owned()]).unwrap();
        server.not_before = date_time_ymd(2020, 1, 1);
        server.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = server.signed_by(&key, &authority).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, acceptor) = (
            listener.local_addr().unwrap().port(),
            TlsAcceptor::from(Arc::new(config)),
        );
        let connections = Arc::new(AtomicUsize::new(0));
        let seen = connections.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                seen.fetch_add(1, Ordering::SeqCst);
                if let Ok(mut stream) = acceptor.accept(socket).await {
                    let _ = stream.read(&mut [0; 4096]).await;
                    let _ = stream.write_all(ANSWER).await;
                    let _ = stream.shutdown().await;
                }
            }
        });
        let ca = reqwest::Certificate::from_der(authority.der()).unwrap();
        Self {
            port,
            ca,
            connections,
        }
    }

    /// Lists a group, with the CA trusted or not.
    async fn list(&self, trusted: bool) -> Result<(), Error> {
        let ca = self.ca.clone();
        let mut builder = Client::builder()
            .base_url(format!("https://localhost:{}", self.port))
            .api_key("key");
        if trusted {
            builder = builder.configure_http(move |http| http.tls_certs_merge([ca.clone()]));
        }
        let client = builder.build()?;
        client.list_group_members().guid("g").send().await.map(drop)
    }
}

#[tokio::test]
async fn a_private_authority_can_be_trusted() {
    let server = TlsServer::start("localhost", 2100).await;
    server.list(true).await.unwrap();
}

#[tokio::test]
async fn a_bad_certificate_is_named_and_not_retried() {
    for (name, until, trusted, problem) in [
        (
            "localhost",
            2100,
            false,
            "is of an authority that is not trusted",
        ),
        ("localhost", 2021, true, "has expired"),
        ("example.org", 2100, true, "is for another host name"),
    ] {
        let server = TlsServer::start(name, until).await;
        let error = server.list(trusted).await.unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains(&format!("the certificate of the server {problem}")),
            "{text}"
        );
        assert!(
            text.contains("SSL_CERT_FILE") && text.contains("configure_http"),
            "{text}"
        );
        assert_eq!(
            (error.kind(), error.hint()),
            (ErrorKind::Transport, Some(Hint::TrustCertificate))
        );
        assert_eq!((error.attempts(), error.is_retryable()), (1, false));
        assert_eq!(server.connections.load(Ordering::SeqCst), 1);
    }
}
