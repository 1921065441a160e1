//! Who works here: the one thing that is read from the user's own configuration of git.

use super::Repository;

impl Repository {
    /// The e-mail address that git would write into a commit made here, where it is configured.
    pub fn email(&self) -> Option<String> {
        let mut permissions = gix::open::Permissions::isolated();
        permissions.config =
            gix::open::permissions::Config { env: false, ..gix::open::permissions::Config::all() };
        // Where the configuration of the person and the machine lies.
        permissions.env.home = gix::sec::Permission::Allow;
        permissions.env.xdg_config_home = gix::sec::Permission::Allow;
        permissions.env.git_prefix = gix::sec::Permission::Allow;
        let options = gix::open::Options::default().permissions(permissions).with(gix::sec::Trust::Full);
        let repo = options.open_path_as_is(self.is_bare()).open(self.top()).ok()?.to_thread_local();
        let config = repo.config_snapshot();
        let email = config.string("author.email").or_else(|| config.string("user.email"))?;
        Some(email.to_string().trim().to_owned()).filter(|email| !email.is_empty())
    }
}
