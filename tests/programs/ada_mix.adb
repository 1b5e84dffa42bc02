--  SPDX-License-Identifier: MIT
--  A static Ada program: run-time checks, exceptions, generics, fixed-point output. The GNAT
--  run time installs signal handlers and an alternate stack at start-up.
with Ada.Text_IO; use Ada.Text_IO;
with Ada.Command_Line;
with Ada.Containers.Generic_Array_Sort;
with Ada.Strings.Fixed;

procedure Ada_Mix is
   type Money is delta 0.01 digits 12;
   type Numbers is array (Positive range <>) of Integer;
   procedure Sort is new Ada.Containers.Generic_Array_Sort
     (Index_Type => Positive, Element_Type => Integer, Array_Type => Numbers);

   Data  : Numbers (1 .. 300);
   Total : Money := 0.0;

   function Checked (I : Integer) return Integer is (Data (I));
begin
   for I in Data'Range loop
      Data (I) := (I * 7919) mod 1009;
      Total := Total + Money (I) / 8;
   end loop;
   Sort (Data);
   Put_Line (Data (1)'Image & Data (150)'Image & Data (300)'Image & " " & Total'Image);
   begin
      Put_Line (Integer'Image (Checked (Ada.Command_Line.Argument_Count + 300)));
   exception
      when Constraint_Error => Put_Line ("index check raised");
   end;
   begin
      Data (1) := Integer'Value ("twelve");
   exception
      when Constraint_Error => Put_Line ("value check raised");
   end;
   Put_Line (Ada.Strings.Fixed.Trim ("   trimmed  ", Ada.Strings.Both) & "|");
   Put_Line (Standard_Error, "to stderr");
   Ada.Command_Line.Set_Exit_Status (6);
end Ada_Mix;
