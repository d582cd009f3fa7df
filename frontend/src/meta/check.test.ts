import { describe, expect, it } from "vitest";
import { ShapeError } from "../api/check";
import { meta } from "./check";

const least = { book: { name: "A", today: "2026-11-24" }, menu: [] };
const receipt = {
  name: "receipt",
  collection: "receipts",
  label: "R",
  fields: [{ name: "n", label: "N", kind: "text" }],
};

describe("the check of /meta", () => {
  it("fills in what a declaration leaves out", () => {
    const checked = meta({ ...least, documents: { receipt } }, "");
    const [field] = checked.documents.receipt?.fields ?? [];
    expect(field).toMatchObject({ required: false, readonly: false, choices: [], fills: {}, ref: null });
    expect(checked.documents.receipt?.permissions.create).toBe(false);
    expect(checked.documents.receipt?.family).toBe("document");
  });

  it("says where a declaration is broken", () => {
    const broken = { ...receipt, fields: [{ name: "n", label: "N" }] };
    expect(() => meta({ ...least, documents: { receipt: broken } }, "")).toThrow(
      "documents.receipt.fields.0.kind",
    );
    expect(() => meta({ ...least, menu: "none" }, "")).toThrow(ShapeError);
  });
});
