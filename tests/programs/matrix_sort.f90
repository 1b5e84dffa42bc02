! SPDX-License-Identifier: MIT
! A static Fortran program: matrix product, solving a linear system, sorting, strings,
! formatted and list-directed output, and a scratch file. libgfortran does its own buffering
! and its own signal set-up, so it exercises calls that C's stdio does not.
program matrix_sort
  implicit none
  integer, parameter :: n = 24
  real(8) :: a(n, n), b(n, n), c(n, n), x(n), f
  integer :: i, j, k, keys(200), t, unit, ios
  character(len=32) :: line
  character(len=8) :: names(5) = [ character(len=8) :: 'pear', 'apple', 'fig', 'quince', 'lemon' ]

  do i = 1, n
     do j = 1, n
        a(i, j) = real(mod(i * 7 + j * 3, 11), 8) / 4
        b(i, j) = merge(1d0, 0d0, i == j) + real(i - j, 8) / 64
     end do
  end do
  c = matmul(a, b)
  print '(a, 4f12.5)', 'product ', c(1, 1), c(n, n), sum(c), maxval(c)

  x = [(real(i, 8), i = 1, n)]
  do k = 1, n
     b(k, k) = b(k, k) + 10
  end do
  do k = 1, n - 1
     do i = k + 1, n
        f = b(i, k) / b(k, k)
        b(i, :) = b(i, :) - f * b(k, :)
        x(i) = x(i) - f * x(k)
     end do
  end do
  do k = n, 1, -1
     x(k) = (x(k) - dot_product(b(k, k+1:n), x(k+1:n))) / b(k, k)
  end do
  write (*, '(6f10.6)') x

  do i = 1, 200
     keys(i) = mod(i * 7919, 1009)
  end do
  do i = 2, 200
     t = keys(i)
     j = i - 1
     do while (j >= 1)
        if (keys(j) <= t) exit
        keys(j + 1) = keys(j)
        j = j - 1
     end do
     keys(j + 1) = t
  end do
  print *, 'sorted', keys(1), keys(100), keys(200)

  open (newunit=unit, status='scratch', action='readwrite')
  do i = 1, 5
     write (unit, '(i3, 1x, a, 1x, es12.4)') i, adjustr(names(i)), real(i, 8) ** 9
  end do
  rewind (unit)
  do
     read (unit, '(a)', iostat=ios) line
     if (ios /= 0) exit
     print '(3a)', '[', trim(line), ']'
  end do
  close (unit)
  read (*, *, iostat=ios) i, j
  print '(a, i0, a, i0)', 'read ', i, ' and ', j
  write (0, '(a)') 'done'
  stop 3
end program matrix_sort
