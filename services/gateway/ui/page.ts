/** Where the page's parts are found, from any address that the page may have. */
const BASE = '/api/v1/ui';

/** Shows the API's document with Swagger UI, and nothing that comes from elsewhere. */
export const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Amun</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${BASE}/swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${BASE}/swagger-ui-bundle.js"></script>
    <script src="${BASE}/start.js"></script>
  </body>
</html>
`;

/** A file of its own, so that the page can do without scripts in its text. */
export const START = `SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
});
`;

/** The page loads from this server only, asks this server only, and is framed by nobody. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
