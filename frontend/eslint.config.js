import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** The rooms from the ground up: a room imports only from rooms before it. */
const rooms = ["api", "i18n", "meta", "fields", "views", "shell", "pages"];

/** For each room, forbid every room above it (api and i18n do not know each other's neighbours either). */
const layers = rooms.map((room, index) => ({
  files: [`src/${room}/**/*.{ts,tsx}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: rooms.slice(index + 1).map((above) => ({
          regex: `^(\\.\\./)+${above}(/|$)`,
          message: `${room} stands below ${above} and must not import it.`,
        })),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["dist", "node_modules", "../src"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": hooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "max-lines": ["error", { max: 600 }],
      "max-lines-per-function": ["error", { max: 70, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
    },
  },
  { files: ["src/**/*.test.{ts,tsx}"], rules: { "max-lines-per-function": "off" } },
  ...layers,
);
