//! Serves the admins of a group over HTTP.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use cometchat::{Client, Error, ErrorKind, MemberScope};

/// Time for a whole list. The client limits each page by itself.
const DEADLINE: Duration = Duration::from_secs(10);

/// Returns the routes of the service. All requests share the client, its connections and its pacing.
pub fn routes(client: Client) -> Router {
    Router::new()
        .route("/groups/{guid}/admins", get(admins))
        .with_state(client)
}

async fn admins(
    State(client): State<Client>,
    Path(guid): Path<String>,
) -> Result<Json<Vec<String>>, StatusCode> {
    let members = client.group(guid).members();
    let admins = members.scopes([MemberScope::Admin]).list_timeout(DEADLINE);
    // A list that is dropped because the caller hung up cancels its requests.
    match admins.collect_all().await {
        Ok(admins) => Ok(Json(admins.into_iter().map(|row| row.uid).collect())),
        Err(error) => {
            // The log gets the reason, the caller a status. The key is in neither.
            eprintln!("{error}");
            Err(status(&error))
        }
    }
}

/// Returns the status for a failed list. A rejected key is your fault, not the caller's, so it is not a 401.
fn status(error: &Error) -> StatusCode {
    match error.kind() {
        _ if error.is_not_found() => StatusCode::NOT_FOUND,
        ErrorKind::InvalidRequest => StatusCode::BAD_REQUEST,
        ErrorKind::RateLimited => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::BAD_GATEWAY,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use cometchat_sandbox::Sandbox;
    use tower::ServiceExt;

    use super::*;

    /// Sends a request to the routes, with this key, without a socket of theirs.
    async fn get(path: &str, key: Option<&str>) -> (StatusCode, String) {
        let sandbox = Sandbox::builder().start().await.unwrap();
        let client = Client::builder()
            .base_url(sandbox.base_url())
            .api_key(key.unwrap_or(sandbox.api_key()))
            .build()
            .unwrap();
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = routes(client).oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn admins_are_served() {
        let served = get("/groups/supergroup/admins", None).await;
        assert_eq!(served, (StatusCode::OK, r#"["superhero4"]"#.to_owned()));
    }

    #[tokio::test]
    async fn failures_become_statuses() {
        let status = async |path, key| get(path, key).await.0;
        assert_eq!(
            status("/groups/nosuchgroup/admins", None).await,
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            status("/groups/a%2Fb/admins", None).await,
            StatusCode::BAD_REQUEST
        );
        let other = Some("0123456789abcdef0123456789abcdef01234567");
        assert_eq!(
            status("/groups/supergroup/admins", other).await,
            StatusCode::BAD_GATEWAY
        );
    }
}
