// Shows the button for passkeys where the browser knows them, and says in words when one did not work.
"use strict";
(() => {
  const button = document.getElementById("passkey_login");
  const trouble = document.getElementById("passkey-trouble");
  if (button && window.PublicKeyCredential) {
    button.hidden = false;
  }
  document.addEventListener("allauth.error", (event) => {
    if (trouble) {
      event.preventDefault();
      trouble.hidden = false;
      trouble.tabIndex = -1;
      trouble.focus();
    }
  });
})();
