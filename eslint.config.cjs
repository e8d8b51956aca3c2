// `require` honours NODE_PATH, by which `make lint` shows where the pinned packages are.
const js = require("@eslint/js");
const globals = require("globals");

module.exports = [
  { ignores: ["**/static/lib/**", ".cache/**", "**/node_modules/**"] },
  js.configs.recommended,
  {
    files: ["**/*.cjs"],
    languageOptions: { sourceType: "commonjs", globals: globals.node },
  },
  {
    files: ["**/static/{src,tests}/**/*.js"],
    languageOptions: {
      sourceType: "module",
      ecmaVersion: 2022,
      globals: { ...globals.browser, odoo: "readonly", luxon: "readonly" },
    },
    rules: {
      "arrow-body-style": ["error", "as-needed"],
      curly: ["error", "all"],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "no-restricted-globals": ["error", "event", "self"],
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "MemberExpression[object.name='test'][property.name=/^(only|debug|skip|todo)$/]",
          message: "A test that is singled out or skipped hides the others.",
        },
      ],
      "no-unused-vars": ["error", { args: "after-used", caughtErrors: "none" }],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
];
