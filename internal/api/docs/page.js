"use strict";

// Shows openapi.json. Nothing on this page talks to another host, and the API's
// own Content-Security-Policy holds it to that.
window.addEventListener("load", () => {
  window.SwaggerUIBundle({
    url: "openapi.json",
    domNode: document.getElementById("page"),
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    persistAuthorization: false, // a key is never kept in the browser
    requestSnippetsEnabled: true,
    tryItOutEnabled: false,
    validatorUrl: null, // by default it is another host's
  });
});
