// Starts Swagger UI with what the page says in attributes: so no script stands in the page itself, and no content
// policy needs to allow one.
"use strict";

(function () {
  const place = document.getElementById("swagger-ui");
  const given = JSON.parse(place.dataset.options);
  window.ui = window.SwaggerUIBundle({
    deepLinking: true,
    ...given,
    domNode: place,
    layout: "BaseLayout",
    oauth2RedirectUrl: new URL(place.dataset.redirect, document.baseURI).href,
    presets: [window.SwaggerUIBundle.presets.apis],
    url: place.dataset.url,
    // The public validator would be told of every API.
    validatorUrl: null,
  });
})();
