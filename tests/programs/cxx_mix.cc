// SPDX-License-Identifier: MIT
// A static C++ program: containers, streams, exceptions through many frames (the unwinder finds
// its tables by AT_PHDR), RTTI, locale-free number formatting, static constructors.
#include <algorithm>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct Announcer {
	explicit Announcer(const char *what) : what(what)
	{
		std::cout << "made " << what << '\n';
	}
	~Announcer()
	{
		std::cout << "gone " << what << std::endl;
	}
	const char *what;
};

static Announcer global("global");

static int thrower(int depth)
{
	std::string local(depth, 'x');
	if (depth == 0)
		throw std::out_of_range("bottom reached");
	return thrower(depth - 1) + static_cast<int>(local.size());
}

int main(int argc, char **argv)
{
	std::map<std::string, int> count;
	std::string word;
	while (std::cin >> word)
		count[word]++;
	std::vector<std::pair<int, std::string>> order;
	for (auto &entry : count)
		order.emplace_back(-entry.second, entry.first);
	std::sort(order.begin(), order.end());
	for (size_t i = 0; i < 5 && i < order.size(); i++)
		std::cout << std::setw(6) << -order[i].first << ' ' << order[i].second << '\n';
	for (int i = 0; i < 100; i++) {
		try {
			auto owned = std::make_unique<int>(i);
			thrower(i);
		} catch (const std::out_of_range &e) {
			if (i == 99)
				std::cout << "caught " << e.what() << '\n';
		}
	}
	try {
		std::vector<int>().at(3);
	} catch (const std::exception &) {
		std::cout << "caught another\n";
	}
	std::ostringstream text;
	text << std::hex << std::showbase << 255 << ' ' << std::scientific << std::setprecision(3)
	     << 12345.678;
	std::cout << text.str() << '\n';
	std::vector<double> values(1000);
	std::iota(values.begin(), values.end(), 0.5);
	std::cout << std::accumulate(values.begin(), values.end(), 0.0) << '\n';
	std::ifstream missing("/no/such/file");
	std::cout << "missing " << missing.good() << ' ' << argc << ' ' << (argc > 1 ? argv[1] : "")
		  << '\n';
	std::cerr << "to stderr\n";
	if (argc > 2)
		throw std::runtime_error("nobody catches this");
	return 4;
}
