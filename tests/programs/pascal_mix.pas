{ SPDX-License-Identifier: MIT }
{ A static Pascal program. Free Pascal's run-time library issues its system calls itself, with
  no C library in between, so it is a second opinion on the calling convention. }
program pascal_mix;
{$mode objfpc}{$H+}
uses SysUtils, Classes;

type
  TShape = class
    function Area: Double; virtual; abstract;
  end;
  TSquare = class(TShape)
    Side: Double;
    constructor Create(S: Double);
    function Area: Double; override;
  end;

constructor TSquare.Create(S: Double);
begin
  Side := S;
end;

function TSquare.Area: Double;
begin
  Result := Side * Side;
end;

var
  List: TStringList;
  Shape: TShape;
  I, Line: Integer;
  Text: string;
  F: System.Text;
begin
  List := TStringList.Create;
  for I := 1 to 500 do
    List.Add(Format('key%.3d', [(I * 7919) mod 1000]));
  List.Sort;
  WriteLn(List[0], ' ', List[250], ' ', List[499], ' ', List.IndexOf('key919'));
  Shape := TSquare.Create(1.5);
  WriteLn(Shape.Area:0:4, ' ', FormatFloat('#,##0.00', 1234567.891));
  Shape.Free;
  try
    I := StrToInt('not a number');
  except
    on E: EConvertError do WriteLn('caught ', E.ClassName);
  end;
  Assign(F, '/tmp/lstar-pascal-' + IntToStr(GetProcessID));
  Rewrite(F);
  for I := 1 to 100 do WriteLn(F, I * I);
  Close(F);
  Reset(F);
  Line := 0;
  while not Eof(F) do begin ReadLn(F, Text); Inc(Line, StrToInt(Text)); end;
  Close(F);
  Erase(F);
  WriteLn('sum ', Line);
  WriteLn(ParamCount, ' ', ParamStr(1), ' ', GetEnvironmentVariable('LC_ALL'));
  Line := 0;
  while not Eof do begin ReadLn(Text); Inc(Line); end;
  WriteLn(Line, ' lines read');
  List.Free;
  Halt(9);
end.
