//! What tracing is told: the names of OpenTelemetry, and nothing that is private.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use test_server::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::support::{KEY, Server, hear, page};

type Fields = BTreeMap<&'static str, String>;

/// Keeps the fields of each span and of each event of this crate.
#[derive(Clone, Default)]
struct Keep(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    spans: Vec<(Id, Level, Fields)>,
    events: Vec<(Level, Fields)>,
}

struct Into<'a>(&'a mut Fields);

impl Visit for Into<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl<S: Subscriber> Layer<S> for Keep {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        let metadata = attributes.metadata();
        if metadata.target().starts_with("cometchat_client") {
            assert_eq!(metadata.name(), "cometchat.call");
            let mut fields = Fields::new();
            attributes.record(&mut Into(&mut fields));
            let mut kept = self.0.lock().unwrap();
            kept.spans.push((id.clone(), *metadata.level(), fields));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut kept = self.0.lock().unwrap();
        let span = kept.spans.iter_mut().rev().find(|(span, ..)| span == id);
        if let Some((.., fields)) = span {
            values.record(&mut Into(fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("cometchat_client") {
            let mut fields = Fields::new();
            event.record(&mut Into(&mut fields));
            let level = *event.metadata().level();
            self.0.lock().unwrap().events.push((level, fields));
        }
    }
}

#[tokio::test]
async fn a_call_is_one_span_with_the_names_of_opentelemetry() {
    let keep = Keep::default();
    let subscriber = tracing_subscriber::registry().with(keep.clone());
    let _guard = hear(subscriber);

    let server = Server::with([
        json(502, "{}"),
        page(),
        json(404, r#"{"error":{"code":"ERR_GUID_NOT_FOUND"}}"#),
        json(200, "[]"),
    ]);
    let client = server.client().build().unwrap();
    for page in [7, 8, 9] {
        let list = client.list_group_members().guid("hushhush").page(page);
        let _ = list.send().await;
    }

    let kept = std::mem::take(&mut *keep.0.lock().unwrap());
    let port = server.address().port().to_string();
    let expected = |page: &str, status: &str, resent: &str, error: Option<&str>| {
        let mut fields = Fields::from([
            ("otel.kind", "client".to_owned()),
            ("otel.name", "GET /groups/{guid}/members".to_owned()),
            ("http.request.method", "GET".to_owned()),
            ("url.template", "/groups/{guid}/members".to_owned()),
            ("server.address", "127.0.0.1".to_owned()),
            ("server.port", port.clone()),
            ("cometchat.operation", "list_group_members".to_owned()),
            ("cometchat.page", page.to_owned()),
            ("http.response.status_code", status.to_owned()),
            ("http.request.resend_count", resent.to_owned()),
        ]);
        fields.extend(error.map(|error| ("error.type", error.to_owned())));
        (Level::INFO, fields)
    };
    let spans: Vec<_> = kept
        .spans
        .into_iter()
        .map(|(_, level, fields)| (level, fields))
        .collect();
    assert_eq!(
        spans,
        [
            expected("7", "200", "1", None),
            expected("8", "404", "0", Some("Api")),
            expected("9", "200", "0", Some("Decode")),
        ]
    );
    // The GUID is told at level debug, for those who look for one call.
    let with_guid: Vec<_> = kept
        .events
        .iter()
        .filter(|(_, fields)| fields.values().any(|value| value.contains("hushhush")))
        .collect();
    assert_eq!(with_guid.len(), 3);
    assert!(with_guid.iter().all(|(level, _)| *level == Level::DEBUG));
    let attempts = kept
        .events
        .iter()
        .filter(|(_, fields)| fields.contains_key("attempt"));
    assert_eq!(attempts.count(), 4);
    let all = format!("{spans:?} {:?}", kept.events);
    assert!(!all.contains(KEY), "{all}");
}
