module.exports = {
  printWidth: 100,
  tabWidth: 4,
  trailingComma: "es5",
  overrides: [{ files: ["*.cjs", "*.json"], options: { tabWidth: 2 } }],
};
