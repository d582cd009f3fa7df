/** 序列号 Serial numbers: how many of how many; entered in a dialog of its own, or pasted into the cell. */
import { useState } from "react";
import { Button } from "antd";
import i18n from "../i18n";
import { readSerials, serialsOf } from "../meta/serials";
import { isRef } from "../meta/values";
import { SerialsDialog } from "./SerialsDialog";
import { compareText } from "./text";
import type { CellProps, FieldKind, InputProps } from "./types";

const isTracked = (row: CellProps["row"]): boolean => isRef(row?.item) && row.item.tracking === "serial";

function Cell({ value, row }: CellProps) {
  const count = serialsOf(value).length;
  if (count === 0 && !isTracked(row)) return null;
  const wanted = typeof row?.quantity === "string" && row.quantity !== "" ? row.quantity : null;
  const short = isTracked(row) && wanted !== null && Number(wanted) !== count;
  return (
    <span className={short ? "hc-num hc-short" : "hc-num"} title={serialsOf(value).slice(0, 20).join("\n")}>
      {wanted === null || !isTracked(row) ? count : `${count}/${wanted}`}
    </span>
  );
}

function Input({ id, field, value, onChange, row, context }: InputProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button id={id} block disabled={field.readonly} onClick={() => setOpen(true)}>
        {i18n.t("serials.count", { count: serialsOf(value).length })}
      </Button>
      {open && (
        <SerialsDialog
          field={field}
          value={value}
          row={row}
          context={context}
          others={[]}
          initial=""
          onDone={(numbers) => {
            setOpen(false);
            if (numbers) onChange(numbers);
          }}
        />
      )}
    </>
  );
}

export const serials: FieldKind = {
  kind: "serials",
  align: "right",
  width: 90,
  stretches: false,
  operators: ["empty"],
  Cell,
  Input,
  grid: {
    format: (value) => serialsOf(value).join(","),
    parse: (text) => ({ ok: true, value: readSerials(text) }),
    compare: (left, right) => compareText(serialsOf(left).join(), serialsOf(right).join()),
    Dialog: SerialsDialog,
  },
};
