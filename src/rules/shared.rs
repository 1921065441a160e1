//! What several rules need; no rules themselves.

pub(super) mod scopes;
