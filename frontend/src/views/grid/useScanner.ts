/** 扫码 Barcodes for the lines: looked up with the party and the place of the document, also when typed into the page. */
import { useEffect, useRef } from "react";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import * as calls from "../../api/calls";
import type { Option } from "../../api/shapes";
import type { PickContext } from "../../fields";
import type { Json } from "../../api/json";
import { Decimal, toDecimal } from "../../meta/numbers";
import type { FieldMeta } from "../../meta/types";
import { useTab } from "../tabs";
import { NO_BURST, barcodeOf, feed } from "./scanner";

interface BarcodeSetup {
  fields: readonly FieldMeta[];
  context: PickContext;
  readOnly: boolean;
}

/** What a scan makes of a quantity. */
export const oneMore = (value: Json | undefined): string =>
  (toDecimal(value) ?? new Decimal(0)).plus(1).toString();

/** Looks a barcode up and hands the goods to `enter`; false where no goods have it. */
export function useBarcodes(
  { fields, context, readOnly }: BarcodeSetup,
  enter: (item: FieldMeta, quantity: FieldMeta, option: Option) => void,
): (barcode: string) => Promise<boolean> {
  const { message } = App.useApp();
  const { t } = useTranslation();
  return async (barcode) => {
    const item = fields.find((field) => field.ref === "items" && !field.readonly);
    const quantity = fields.find((field) => field.kind === "quantity" && !field.readonly);
    if (!item?.ref || !quantity || readOnly) return false;
    const query = {
      barcode,
      party: context.party,
      place: context.place,
      document_type: context.documentType,
    };
    const [option] = await calls.options(item.ref, query).catch(() => []);
    if (!option) {
      void message.warning(t("grid.unknown_barcode", { barcode }));
      return false;
    }
    enter(item, quantity, option);
    return true;
  };
}

/** A scanner that types into the page, while no field has the focus, reaches the lines as well. */
export function usePageScanner(onScan: (barcode: string) => void, enabled: boolean): void {
  const { active } = useTab();
  const burst = useRef(NO_BURST);
  const latest = useRef(onScan);
  useEffect(() => {
    latest.current = onScan;
  });
  useEffect(() => {
    if (!active || !enabled) return;
    const listen = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.matches("input, textarea, button, a")) return;
      const barcode = event.key === "Enter" ? barcodeOf(burst.current, event.timeStamp) : null;
      burst.current = barcode === null ? feed(burst.current, event.key, event.timeStamp) : NO_BURST;
      if (barcode !== null) latest.current(barcode);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [active, enabled]);
}
