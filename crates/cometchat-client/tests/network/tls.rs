//! Certificates: whom a client trusts, and what it says of a server that it doesn't. Over real TLS, with a CA of this test.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cometchat_client::{Client, ClientBuilder, Error, ErrorKind, Hint, reqwest};
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, KeyPair};
use test_server::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::support::{KEY, ScriptedClock, Server, in_child, page};

struct Ca {
    certificate: Certificate,
    key: KeyPair,
}

impl Ca {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        // OpenSSL takes a certificate whose issuer has its own name for one that signed itself.
        params
            .distinguished_name
            .push(DnType::CommonName, "the CA of the tests");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, key }
    }

    fn trusted(&self) -> reqwest::Certificate {
        reqwest::Certificate::from_der(self.certificate.der()).unwrap()
    }

    /// Serves a page over TLS with a certificate of this CA, and counts the connections.
    async fn serve(&self, params: CertificateParams) -> (SocketAddr, Arc<AtomicUsize>) {
        let key = KeyPair::generate().unwrap();
        let certificate = params
            .signed_by(&key, &self.certificate, &self.key)
            .unwrap();
        let config = ServerConfig::builder().with_no_client_auth();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let config = config.with_single_cert(vec![certificate.der().clone()], key.into());
        let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = connections.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::Relaxed);
                // Fails if the client doesn't trust the certificate.
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                for step in page() {
                    if let test_server::Step::Send(bytes) = step {
                        let _ = stream.write_all(&bytes).await;
                    }
                }
                let _ = stream.shutdown().await;
            }
        });
        (address, connections)
    }
}

fn params(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).unwrap()
}

fn builder(address: SocketAddr) -> ClientBuilder {
    Client::builder()
        .base_url(format!("https://{address}/v3"))
        .api_key(KEY)
        .clock(ScriptedClock::default())
}

async fn members(client: &Client) -> Result<u32, Error> {
    let list = client.list_group_members().guid("supergroup");
    Ok(list.send().await?.attempts())
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_named_and_not_retried() {
    let ca = Ca::new();
    let mut expired = params("127.0.0.1");
    expired.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let [unknown, wrong_host] = match cfg!(feature = "rustls") {
        true => ["UnknownIssuer", "not valid for name"],
        false => ["unable to get local issuer", "IP address mismatch"],
    };
    for (params, trusted, named) in [
        (params("127.0.0.1"), false, unknown),
        (expired, true, "expired"),
        (params("other.example"), true, wrong_host),
    ] {
        let (address, connections) = ca.serve(params).await;
        let certificates = trusted.then(|| ca.trusted());
        // In place of the system's, which a machine may lack.
        let client = builder(address)
            .configure_http(move |http| http.tls_certs_only(certificates.clone()))
            .build()
            .unwrap();
        let error = members(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert_eq!((error.attempts(), error.is_retryable()), (1, false));
        assert_eq!(connections.load(Ordering::Relaxed), 1);
        assert_eq!(error.hint(), Some(Hint::TrustCertificate));
        let text = error.to_string();
        for part in ["certificate", named, "SSL_CERT_FILE", "configure_http"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

#[tokio::test]
async fn a_ca_is_trusted_by_configuration() {
    let ca = Ca::new();
    let (address, _) = ca.serve(params("127.0.0.1")).await;
    let trusted = ca.trusted();
    let client =
        builder(address).configure_http(move |http| http.tls_certs_only([trusted.clone()]));
    assert_eq!(members(&client.build().unwrap()).await.unwrap(), 1);
}

/// A certificate as a text, in base64.
#[cfg(target_os = "linux")]
fn pem(certificate: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut pem = "-----BEGIN CERTIFICATE-----".to_owned();
    for (number, bytes) in certificate.chunks(3).enumerate() {
        if number % 16 == 0 {
            pem.push('\n');
        }
        let bits = (0..3).fold(0, |bits, at| {
            bits << 8 | usize::from(*bytes.get(at).unwrap_or(&0))
        });
        for digit in 0..4 {
            let digit = (digit <= bytes.len()).then(|| DIGITS[bits >> (18 - 6 * digit) & 63]);
            pem.push(digit.map_or('=', char::from));
        }
    }
    pem + "\n-----END CERTIFICATE-----\n"
}

/// The environment is a process's own, so the client runs in another one.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_ca_is_trusted_by_the_environment() {
    const NAME: &str = "tls::a_ca_is_trusted_by_the_environment";
    if let Ok(address) = std::env::var("COMETCHAT_TEST_CHILD") {
        let client = builder(address.parse().unwrap()).build().unwrap();
        assert_eq!(members(&client).await.unwrap(), 1);
        return;
    }
    let ca = Ca::new();
    let (address, connections) = ca.serve(params("127.0.0.1")).await;
    let file = std::env::temp_dir().join(format!("cometchat-{}.pem", address.port()));
    std::fs::write(&file, pem(ca.certificate.der())).unwrap();
    let path = file.to_str().unwrap();
    in_child(NAME, &address.to_string(), &[("SSL_CERT_FILE", path)]).await;
    std::fs::remove_file(&file).unwrap();
    assert_eq!(connections.load(Ordering::Relaxed), 1);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn plain_http_needs_no_certificate_store() {
    const NAME: &str = "tls::plain_http_needs_no_certificate_store";
    if let Ok(port) = std::env::var("COMETCHAT_TEST_CHILD") {
        let base_url = |scheme| format!("{scheme}://0.0.0.0:{port}/v3");
        let secure = Client::builder().api_key(KEY).base_url(base_url("https"));
        // OpenSSL reads its certificates later.
        let built = secure.build().is_ok();
        assert_eq!(
            built,
            !cfg!(feature = "rustls"),
            "there is a certificate store"
        );
        let plain = Client::builder().api_key(KEY).base_url(base_url("http"));
        let client = plain.allow_plain_http().build().unwrap();
        assert_eq!(members(&client).await.unwrap(), 1);
        return;
    }
    let server = Server::with([page()]);
    let port = server.address().port().to_string();
    let none = "/nonexistent";
    in_child(
        NAME,
        &port,
        &[("SSL_CERT_FILE", none), ("SSL_CERT_DIR", none)],
    )
    .await;
    assert_eq!(server.requests().len(), 1);
}

/// A build without the feature `socks` must not show such a proxy the key, nor try again.
#[tokio::test]
async fn a_socks_proxy_is_used_or_named() {
    const NAME: &str = "tls::a_socks_proxy_is_used_or_named";
    if let Ok(base_url) = std::env::var("COMETCHAT_TEST_CHILD") {
        let client = Client::builder().api_key(KEY).base_url(base_url);
        let client = client.allow_plain_http().clock(ScriptedClock::default());
        let error = members(&client.build().unwrap()).await.unwrap_err();
        if cfg!(feature = "socks") {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 5));
        } else {
            assert_eq!(
                (error.attempts(), error.is_retryable()),
                (1, false),
                "{error:?}"
            );
            assert_eq!(error.hint(), Some(Hint::EnableSocks));
            assert!(error.to_string().contains("feature socks"), "{error}");
        }
        return;
    }
    let plain =
        cfg!(any(feature = "rustls", feature = "socks")).then_some("http://chat.example/v3");
    for base_url in ["https://chat.example/v3"].into_iter().chain(plain) {
        let proxy = Server::with([json(500, "{}")]);
        let address = format!("socks5://{}", proxy.address());
        in_child(NAME, base_url, &[("ALL_PROXY", &address)]).await;
        let seen = proxy.requests();
        assert!(
            seen.iter().all(|request| !request.head.contains(KEY)),
            "{seen:?}"
        );
    }
}
